"""The signalements app."""

from django.apps import AppConfig


class SignalementsConfig(AppConfig):
    """Demandes: the envelope every kind shares, and the kinds."""

    name = "signalements"
    verbose_name = "Demandes"

    def ready(self) -> None:
        """Register what becomes of the demandes of an account that is closed."""
        from accounts.departures import register
        from signalements.operations.departures import PORTEFEUILLE

        register(PORTEFEUILLE)
