"""The app of the document requests."""

from django.apps import AppConfig


class DocumentConfig(AppConfig):
    """Asking for a document about a person."""

    name = "signalements.kinds.document"
    label = "document"
    verbose_name = "Demandes de document"
