"""Who may reach which route: the permission matrix."""
