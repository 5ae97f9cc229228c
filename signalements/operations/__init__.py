"""One function per business act on a demande."""
