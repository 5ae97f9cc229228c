"""The app of the appointments."""

from django.apps import AppConfig


class RendezVousConfig(AppConfig):
    """Asking for an appointment, or booking one."""

    name = "signalements.kinds.rendez_vous"
    label = "rendez_vous"
    verbose_name = "Rendez-vous"
