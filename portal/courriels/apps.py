"""The mail outbox app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CourrielsConfig(AppConfig):
    """Mails wait in the database until they have left."""

    name = "portal.courriels"
    label = "courriels"
    verbose_name = "Courriels"

    def ready(self) -> None:
        """Load the kinds of mail every room declares."""
        autodiscover_modules("courriels")
