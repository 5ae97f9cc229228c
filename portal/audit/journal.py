"""Writing the journal."""

from collections.abc import Mapping
from typing import Any, Protocol

from portal import clock
from portal.audit.models import Evenement, Verbe


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
    Evenement.objects.bulk_create(
        [
            Evenement(
                le=clock.now(),
                verbe=verbe,
                acteur_id=acteur_id,
                role=role,
                caisse_id=caisse_id,
                partenaire_id=partenaire_id,
                objet=objet,
                objet_id=str(objet_id),
                details=dict(details or {}),
                adresse=adresse,
            )
        ]
    )
