"""The journal app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only journal of everything that happens in the portal."""

    name = "portal.audit"
    label = "audit"
    verbose_name = "Traçabilité"
