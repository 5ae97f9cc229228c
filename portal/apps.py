"""The project package as an app: its checks, commands and shared templates."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

# Shared tasks take the application that exists when they are called: every process has it through this import.
from portal.celery import app as celery_app

__all__ = ["PortalConfig", "celery_app"]


class PortalConfig(AppConfig):
    """The project's own app."""

    name = "portal"
    verbose_name = "Espace Partenaires"

    def ready(self) -> None:
        """Load the sweeps of every room, and give beat its schedule."""
        autodiscover_modules("sweeps")
        from portal import sweeps

        celery_app.conf.beat_schedule = sweeps.beat_schedule()
