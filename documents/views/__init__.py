"""Views of the pièces."""
