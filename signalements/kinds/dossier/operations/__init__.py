"""One function per business act on a dossier."""
