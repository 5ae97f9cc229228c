"""The app of the questions to the caisse."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    """Writing to one's caisse."""

    name = "signalements.kinds.contact"
    label = "contact"
    verbose_name = "Messages à la caisse"
