"""The app of the saisines."""

from django.apps import AppConfig


class SaisineConfig(AppConfig):
    """Signalling a person in difficulty of access to rights or care."""

    name = "signalements.kinds.saisine"
    label = "saisine"
    verbose_name = "Saisines"
