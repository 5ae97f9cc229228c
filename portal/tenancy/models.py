"""No table of its own: Django announces the end of migrations only to apps that have a models module."""
