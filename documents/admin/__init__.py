"""The catalogue of documents in the admin, and what this room adds to the page of a convention."""

from documents.admin.catalogue import EntreeCatalogueAdmin
from documents.admin.conventions import DocumentInline

__all__ = ["DocumentInline", "EntreeCatalogueAdmin"]
