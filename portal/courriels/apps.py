"""The mail outbox app."""

from django.apps import AppConfig


class CourrielsConfig(AppConfig):
    """Mails wait in the database until they have left."""

    name = "portal.courriels"
    label = "courriels"
    verbose_name = "Courriels"
