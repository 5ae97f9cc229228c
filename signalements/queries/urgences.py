"""The monthly share of urgent demandes, as a structure reads it of itself."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models import Sum

from accounts.memberships import Membership
from portal import clock
from portal.small_numbers import SMALLEST, is_small
from portal.ui.text import MOIS, NBSP
from signalements.models import StatistiqueMensuelle

KEPT_SECONDS = 600


def urgent_share(membership: Membership) -> str:
    """« En octobre, 12 % des demandes de votre structure ont été signalées urgentes (5 sur 42). »

    Of the last month that is over, from the roll-up, all caisses together; empty below five demandes. Read again
    at most every ten minutes.
    """
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    key = f"part-urgente:{membership.partenaire_id}:{month}"
    found: str | None = cache.get(key)
    if found is None:
        counts = StatistiqueMensuelle.objects.filter(
            partenaire=membership.partenaire_id, caisse__in=membership.caisses_ouvertes, mois=month
        ).aggregate(recues=Sum("recues", default=0), urgentes=Sum("urgentes", default=0))
        found = _said(MOIS[month.month - 1], counts["recues"], counts["urgentes"])
        cache.set(key, found, KEPT_SECONDS)
    return found


def _said(month: str, sent: int, urgent: int) -> str:
    when = f"En {month}, "
    if sent < SMALLEST:
        return ""
    if not urgent:
        return f"{when}aucune des {sent} demandes de votre structure n’a été signalée urgente."
    if is_small(urgent):
        return f"{when}moins de {SMALLEST} des {sent} demandes de votre structure ont été signalées urgentes."
    share = round(100 * urgent / sent)
    return f"{when}{share}{NBSP}% des demandes de votre structure ont été signalées urgentes ({urgent} sur {sent})."
