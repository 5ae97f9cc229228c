"""The signalements app."""

from django.apps import AppConfig


class SignalementsConfig(AppConfig):
    """Demandes: the envelope every kind shares, and the kinds."""

    name = "signalements"
    verbose_name = "Demandes"

    def ready(self) -> None:
        """Register what becomes of the demandes of an account that is closed, of a convention that ends."""
        from accounts.departures import register
        from partners import endings
        from signalements.operations.departures import PORTEFEUILLE
        from signalements.operations.fins_de_convention import demandes_touched

        register(PORTEFEUILLE)
        endings.register(demandes_touched)
