"""The views of the queue that somebody may open."""

from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from accounts.memberships import Membership
from accounts.permissions import Act, can
from portal.compiled import CompiledQuery, Slot
from signalements.models import VueEnregistree


def views_of(membership: Membership) -> "QuerySet[VueEnregistree]":
    """One's own views, those of the whole caisse and those of one's team; a superviseur sees those of every team."""
    return _views(can(membership, Act.SUPERVISER), **_slots(membership))


def opened_views(membership: Membership) -> list[VueEnregistree]:
    """The same, for a page that shows them each time."""
    return _compiled(can(membership, Act.SUPERVISER)).all(**_slots(membership))


def _slots(membership: Membership) -> dict[str, Any]:
    return {
        "caisse": membership.caisse_id,
        "acteur": membership.acteur_id,
        "equipe": membership.user.equipe_id,
    }


def _views(every_team: bool, *, caisse: Any, acteur: Any, equipe: Any) -> "QuerySet[VueEnregistree]":
    shared = Q(proprietaire__isnull=True)
    if not every_team:
        shared &= Q(equipe__isnull=True) | Q(equipe=equipe)
    rows = VueEnregistree.objects.filter(caisse=caisse)
    return rows.filter(Q(proprietaire=acteur) | shared).order_by("nom", "pk")


@cache
def _compiled(every_team: bool) -> CompiledQuery[VueEnregistree]:
    return CompiledQuery(
        lambda: _views(every_team, caisse=Slot("caisse"), acteur=Slot("acteur"), equipe=Slot("equipe"))
    )
