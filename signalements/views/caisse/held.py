"""The decisions of a demande that have not left, as its page shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.memberships import Membership
from accounts.permissions import Act, can
from signalements.enums import STATUTS_OUVERTS, Issue
from signalements.models import Demande
from signalements.queries.chronologie import Fait


@dataclass(frozen=True)
class RetenueLue:
    """A decision about to leave, or one that did not and waits for its author."""

    issue: str
    auteur: str
    part_le: datetime | None
    raison: str
    texte: str
    peut_annuler: bool
    peut_reprendre: bool


def held_context(membership: Membership, demande: Demande, facts: list[Fait]) -> dict[str, Any]:
    """The decision about to leave, whose ever it is, and one's own that did not leave."""
    lues = [(fact, _read(membership, demande, fact)) for fact in facts]
    mine = str(membership.acteur_id)
    return {
        "retenue": next((lue for _, lue in lues if lue.part_le is not None), None),
        "decision_gardee": next(
            (lue for fact, lue in lues if lue.part_le is None and fact.b == mine),
            None,
        ),
    }


def _read(membership: Membership, demande: Demande, fact: Fait) -> RetenueLue:
    own = fact.b == str(membership.acteur_id)
    return RetenueLue(
        issue=str(Issue(fact.a).label),
        auteur=fact.auteur,
        part_le=fact.lu_le,
        raison=fact.texte,
        texte=fact.c,
        peut_annuler=own or can(membership, Act.SUPERVISER),
        peut_reprendre=demande.statut in STATUTS_OUVERTS,
    )
