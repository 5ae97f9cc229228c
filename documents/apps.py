"""The documents app."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class DocumentsConfig(AppConfig):
    """Pièces: intake, antivirus, vault, download."""

    name = "documents"
    verbose_name = "Pièces et documents"

    def ready(self) -> None:
        from documents import checks

        register(checks.check_antivirus, Tags.security)
        register(checks.check_file_keys, Tags.security)
