"""The app of the dossiers."""

from django.apps import AppConfig


class DossierConfig(AppConfig):
    """CSS, PUMa and AME files: their pièces, their periods, their decision."""

    name = "signalements.kinds.dossier"
    label = "dossier"
    verbose_name = "Dossiers"
