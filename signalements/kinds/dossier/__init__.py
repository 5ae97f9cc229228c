"""The dossiers: CSS, PUMa and AME files, sent and followed (convention d'utilisation, art. 1.2)."""
