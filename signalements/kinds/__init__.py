"""The kinds of demande: each in its own folder beside the envelope."""
