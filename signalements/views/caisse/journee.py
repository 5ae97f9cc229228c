"""« Ma journée »: the home of whoever works on demandes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.permissions import current
from signalements.queries.file_caisse import day_counts, day_rows
from signalements.views.caisse.access import caisse_of, staff_view
from signalements.views.caisse.lines import COLUMNS, lines_of, palette_of

# code of the view, words (one, several), tone once there is something, icon
COUNTERS = (
    ("en-retard", "En retard", "danger", "attention"),
    ("urgences", "Urgences", "danger", "urgence"),
    ("proches", "Échéance ≤\u00a0{jours}\u00a0jours", "warning", "horloge"),
    ("a-prendre", "À prendre en charge", "info", "enveloppe"),
    ("complements", "Compléments reçus", "info", "reponse"),
    ("messages", "Messages non lus", "info", "message"),
    ("les-miennes", "À moi", "neutral", "personne"),
)


@staff_view()
@require_safe
def journee(request: HttpRequest) -> HttpResponse:
    """What waits today: counters that lead to their list, and the first demandes to work on."""
    membership = current(request)
    caisse, counts = caisse_of(membership), day_counts(membership)
    address = reverse("signalements:file")
    tiles = [
        (
            label.format(jours=caisse.seuil_proche),
            counts[code],
            f"{address}?vue={code}",
            tone if counts[code] else "neutral",
            icon,
        )
        for code, label, tone, icon in COUNTERS
    ]
    context = {
        "tiles": tiles,
        "a_traiter": counts["a-traiter"],
        "lignes": lines_of(day_rows(membership), caisse, palette_of(membership)),
        "columns": COLUMNS,
        "caption": "Premières demandes à traiter, urgences d’abord, puis par échéance",
        "prenom": membership.user.prenom,
    }
    return render(request, "signalements/caisse/journee.html", context)
