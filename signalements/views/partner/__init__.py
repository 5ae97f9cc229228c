"""Views of the technicien."""
