"""The project package, and the only code every room shares."""
