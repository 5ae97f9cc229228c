"""« Ma journée »: the home of whoever works on demandes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.permissions import current
from signalements.queries.file_caisse import day_counts
from signalements.views.caisse.access import staff_view

# code of the view, words (one, several), tone once there is something, icon
COUNTERS = (
    ("en-retard", "En retard", "danger", "attention"),
    ("urgences", "Urgences", "danger", "urgence"),
    ("proches", "Échéance proche", "warning", "horloge"),
    ("a-prendre", "À prendre en charge", "info", "enveloppe"),
    ("complements", "Compléments reçus", "info", "reponse"),
    ("messages", "Messages non lus", "info", "message"),
    ("les-miennes", "À moi", "neutral", "personne"),
)


@staff_view()
@require_safe
def journee(request: HttpRequest) -> HttpResponse:
    """What waits today: counters that lead to their list, and the first demande to work on."""
    membership = current(request)
    counts = day_counts(membership)
    address = reverse("signalements:file")
    tiles = [
        (label, counts[code], f"{address}?vue={code}", tone if counts[code] else "neutral", icon)
        for code, label, tone, icon in COUNTERS
    ]
    context = {
        "tiles": tiles,
        "a_traiter": counts["a-traiter"],
        "prenom": membership.user.prenom,
    }
    return render(request, "signalements/caisse/journee.html", context)
