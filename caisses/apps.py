"""The caisses app."""

from django.apps import AppConfig


class CaissesConfig(AppConfig):
    """Caisses, what they offer, their delays and closures, and the reference lists."""

    name = "caisses"
    verbose_name = "Caisses et référentiels"
