"""What a gestionnaire takes away or counts: the tableau d’habilitations, the activity of the techniciens."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from accounts.departures import activity_of
from accounts.models import Utilisateur
from accounts.permissions import Act, current, membership_required
from accounts.tableaux import tableau_response
from portal import clock
from portal.calendar import add_months
from portal.ui.tables import plain_rows

ACCUEIL = ("Comptes de la structure", reverse_lazy("accounts:gestion_accueil"))
PERIODES = {"mois": "30 derniers jours", "annee": "12 derniers mois"}


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def tableau(request: HttpRequest, format: str) -> HttpResponse:
    """The tableau d’habilitations of the structure, as a file; journaled."""
    return tableau_response(current(request), format)


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def activite(request: HttpRequest) -> HttpResponse:
    """How many demandes each technicien sent, by service: counts, and nobody who was helped."""
    membership = current(request)
    periode = request.GET.get("periode", "")
    if periode not in PERIODES:
        periode = "mois"
    counts = activity_of(membership.structure.pk, _since(periode))
    services = sorted({service for row in counts.values() for service in row})
    people = list(
        Utilisateur.objects.visible_to(membership).filter(pk__in=counts).order_by("nom", "prenom", "pk")
    )
    rows = [
        [
            f"{user.nom} {user.prenom}",
            *(counts[user.pk].get(name, 0) for name in services),
            sum(counts[user.pk].values()),
        ]
        for user in people
    ]
    totals = [sum(counts[user.pk].get(name, 0) for user in people) for name in services]
    columns = ["Technicien", *services, "Total"]
    context = {
        "periodes": [(label, f"?periode={key}", key == periode, None) for key, label in PERIODES.items()],
        "libelle": PERIODES[periode],
        "colonnes": columns,
        "lignes": plain_rows(columns, [*rows, ["Ensemble", *totals, sum(totals)]]) if rows else "",
        "legende": f"Demandes envoyées par technicien et par service, {PERIODES[periode]}",
        "crumbs": [ACCUEIL, ("Activité", "")],
    }
    return render(request, "accounts/gestion/activite.html", context)


def _since(periode: str) -> datetime:
    today = clock.today()
    first = today - timedelta(days=30) if periode == "mois" else add_months(today, -12)
    return datetime.combine(first, time.min, ZoneInfo("Europe/Paris"))
