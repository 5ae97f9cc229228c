"""The session of support under way, for the banner on every page of the national administrator who opened it."""

from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import SessionAssistance
from accounts.operations.assistance import session_of


def assistance(request: HttpRequest) -> dict[str, Any]:
    """Context of the base templates: `assistance_en_cours`, read when the page draws it; nothing for anybody else."""
    return {"assistance_en_cours": SimpleLazyObject(lambda: _under_way(request))}


def _under_way(request: HttpRequest) -> SessionAssistance | None:
    membership = getattr(request, "membership", None)
    if membership is None or connection.needs_rollback:
        return None
    try:
        return session_of(membership)
    except (DatabaseError, InterfaceError):
        # The page that says the database is away has a banner too.
        return None
