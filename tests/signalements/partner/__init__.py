"""The technicien side of the demandes."""
