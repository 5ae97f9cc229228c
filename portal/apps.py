"""The project package as an app: its checks, commands and shared templates."""

from django.apps import AppConfig

# Shared tasks take the application that exists when they are called: every process has it through this import.
from portal.celery import app as celery_app

__all__ = ["PortalConfig", "celery_app"]


class PortalConfig(AppConfig):
    """The project's own app."""

    name = "portal"
    verbose_name = "Espace Partenaires"
