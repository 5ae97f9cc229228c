"""« Mme R. consulte cette demande »: who else has the page open."""

from collections.abc import Iterable

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from accounts.enums import Civilite
from accounts.memberships import Membership
from accounts.permissions import current
from portal import clock
from signalements.models import Presence
from signalements.operations.presence import STILL_THERE, show_presence
from signalements.queries.chronologie import Fait
from signalements.views.caisse.access import demande_or_404, staff_view

Seen = tuple[str, str]
"""A colleague: the code of the civilité, the name."""


@staff_view()
@require_POST
def presence(request: HttpRequest, reference: str) -> JsonResponse:
    """An open page says so every half minute, and learns who else is there."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    show_presence(actor=membership, demande=demande)
    others = (
        Presence.objects.filter(
            demande=demande, caisse_id=demande.caisse_id, le__gt=clock.now() - STILL_THERE
        )
        .exclude(agent=membership.user)
        .order_by("agent__nom", "agent_id")
        .values_list("agent__civilite", "agent__nom")
    )
    return JsonResponse({"texte": in_words(others)})


def present_now(membership: Membership, facts: Iterable[Fait]) -> str:
    """Who else has the demande open, from what its chronology read."""
    since, me = clock.now() - STILL_THERE, str(membership.acteur_id)
    return in_words((fact.a, fact.c) for fact in facts if fact.le > since and fact.b != me)


def in_words(others: Iterable[Seen]) -> str:
    """« Mme R. consulte cette demande. »; nothing when nobody does."""
    names = [f"{Civilite(civilite).label} {nom[:1].upper()}." for civilite, nom in others]
    if not names:
        return ""
    if len(names) == 1:
        return f"{names[0]} consulte cette demande."
    return f"{', '.join(names[:-1])} et {names[-1]} consultent cette demande."
