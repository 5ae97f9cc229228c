"""The signalements app."""

from django.apps import AppConfig


class SignalementsConfig(AppConfig):
    """Demandes: the envelope every kind shares, and the kinds."""

    name = "signalements"
    verbose_name = "Demandes"
