"""Views of the demandes."""
