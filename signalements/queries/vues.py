"""The views of the queue that somebody may open."""

from django.db.models import Q, QuerySet

from accounts.memberships import Membership
from accounts.permissions import Act, can
from signalements.models import VueEnregistree


def views_of(membership: Membership) -> "QuerySet[VueEnregistree]":
    """One's own views, those of the whole caisse and those of one's team; a superviseur sees those of every team."""
    shared = Q(proprietaire__isnull=True)
    if not can(membership, Act.SUPERVISER):
        shared &= Q(equipe__isnull=True) | Q(equipe=membership.user.equipe_id)
    rows = VueEnregistree.objects.filter(caisse=membership.caisse_id)
    return rows.filter(Q(proprietaire=membership.acteur_id) | shared).order_by("nom", "pk")
