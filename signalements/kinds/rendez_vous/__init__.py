"""Asking for an appointment for a person (convention d'utilisation, art. 1.2; domaine.md §7.1)."""
