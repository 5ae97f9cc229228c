"""Views of the caisse's side."""
