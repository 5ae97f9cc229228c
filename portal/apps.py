"""The project package as an app: its checks, commands and shared templates."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project's own app."""

    name = "portal"
    verbose_name = "Espace Partenaires"
