"""The pages of the appointments, on both sides."""
