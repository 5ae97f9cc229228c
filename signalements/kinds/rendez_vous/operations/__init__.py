"""One function per business act on an appointment."""
