"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Pièces: intake, antivirus, vault, download."""

    name = "documents"
    verbose_name = "Pièces et documents"
