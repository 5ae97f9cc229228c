"""The appointments."""
