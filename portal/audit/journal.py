"""Writing the journal."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.db import connection
from psycopg.types.json import Jsonb

from portal import clock
from portal.audit.models import Verbe
from portal.identifiers import uuid7


class Actor(Protocol):
    """Whoever acts: a membership, as `accounts` gives it."""

    @property
    def acteur_id(self) -> int | None: ...
    @property
    def role(self) -> str: ...
    @property
    def caisse_id(self) -> int | None: ...
    @property
    def partenaire_id(self) -> int | None: ...


# Written by hand: nearly every page adds an event, and the ORM takes longer than the database to do it.
_INSERT = """
INSERT INTO audit_evenement (
    id, le, verbe, acteur_id, role, caisse_id, partenaire_id, objet, objet_id, details, adresse
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(
    verbe: Verbe | str,
    *,
    actor: Actor | None = None,
    acteur_id: int | None = None,
    role: str = "",
    caisse_id: int | None = None,
    partenaire_id: int | None = None,
    objet: str = "",
    objet_id: object = "",
    details: Mapping[str, Any] | None = None,
    adresse: str | None = None,
) -> None:
    """Add an event to the journal, in the transaction in hand.

    `actor` gives acteur_id, role and its own tenant; an explicit caisse_id or partenaire_id (those of the
    object) completes it. `details` holds ids, codes and numbers, never a text that somebody typed.
    """
    if actor is not None:
        acteur_id = actor.acteur_id if acteur_id is None else acteur_id
        role = role or actor.role
        caisse_id = actor.caisse_id if caisse_id is None else caisse_id
        partenaire_id = actor.partenaire_id if partenaire_id is None else partenaire_id
    event = {
        "acteur_id": acteur_id,
        "role": role,
        "caisse_id": caisse_id,
        "partenaire_id": partenaire_id,
        "objet": objet,
        "objet_id": objet_id,
        "details": details,
        "adresse": adresse,
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, _values(verbe, event))


def record_all(verbe: Verbe | str, events: Iterable[Mapping[str, Any]]) -> None:
    """Add many events at once, each given as `record` takes it, without an actor: what a sweep did."""
    rows = [_values(verbe, event) for event in events]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)


def _values(verbe: Verbe | str, event: Mapping[str, Any]) -> Any:
    return (
        uuid7(),
        clock.now(),
        str(verbe),
        event.get("acteur_id"),
        event.get("role", ""),
        event.get("caisse_id"),
        event.get("partenaire_id"),
        event.get("objet", ""),
        str(event.get("objet_id", "")),
        Jsonb(dict(event.get("details") or {})),
        event.get("adresse"),
    )
