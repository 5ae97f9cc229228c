"""The appointments of a caisse by day or week, and the plages it opens to booking."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, can, current
from caisses.enums import Fonction
from caisses.models import Caisse
from partners.models import Partenaire
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.ui.tables import Column
from portal.ui.text import day_in_words, hour_in_words
from signalements.kinds.rendez_vous.dates import is_open, place_in_words
from signalements.kinds.rendez_vous.enums import EtatRendezVous, Jour
from signalements.kinds.rendez_vous.models import Horaire, PlageHoraire
from signalements.kinds.rendez_vous.operations.agenda import save_plage
from signalements.kinds.rendez_vous.plage_forms import FiltresForm, PlageForm
from signalements.kinds.rendez_vous.queries import (
    MOST_SHOWN,
    agences_of,
    fixed_dates,
    free_by_day,
    motifs_for,
    plages_of,
)
from signalements.kinds.rendez_vous.reading import TONES
from signalements.queries.agents import staff_names, staff_of
from signalements.views.caisse.access import UNPROCESSABLE, caisse_of, staff_view

COLUMNS = [
    Column("Heure"),
    Column("Référence"),
    Column("Personne"),
    Column("Structure"),
    Column("Lieu"),
    Column("Avec"),
    Column("Étape"),
]


def handler(request: HttpRequest) -> tuple[Membership, Caisse]:
    """Whoever of the caisse handles appointments; 403 for the others."""
    membership = current(request)
    if not can(membership, Act.TRAITER_DEMANDE, fonction=Fonction.RENDEZ_VOUS):
        raise PermissionDenied
    return membership, caisse_of(membership)


@dataclass(frozen=True)
class Journee:
    """A day of the list."""

    titre: str
    ouvert: bool
    libres: int
    lignes: list[dict[str, Any]]


@staff_view()
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """The appointments of a day or a week, by agence and agent, with the places still free."""
    membership, caisse = handler(request)
    jour = _day(request, caisse)
    semaine = request.GET.get("vue") != "jour"
    first = jour - timedelta(days=jour.weekday()) if semaine else jour
    length = 7 if semaine else 1
    agences, agents = agences_of(caisse), staff_names(caisse)
    form = FiltresForm(request.GET, agences=agences, agents=agents)
    chosen = form.cleaned_data if form.is_valid() else {}
    agent = membership.acteur_id if chosen.get("agent") == "moi" else _number(chosen.get("agent"))
    zone = ZoneInfo(caisse.fuseau)
    start = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(first + timedelta(days=length), time(), tzinfo=zone)
    rows = fixed_dates(caisse, start, end, agence_id=_number(chosen.get("agence")), agent_id=agent)
    free = free_by_day(caisse, start, end)
    kept = {name: value for name, value in chosen.items() if value}

    def link(day: date, vue: str) -> str:
        return f"?{urlencode({'jour': day.isoformat(), 'vue': vue, **kept})}"

    vue = "semaine" if semaine else "jour"
    context = {
        "jours": [
            _journee(caisse, first + timedelta(days=n), rows[:MOST_SHOWN], free)
            for n in range(length)
            if not semaine or n < 5 or free.get(first + timedelta(days=n))
        ],
        "columns": COLUMNS,
        "form": form,
        "jour": jour.isoformat(),
        "vue": vue,
        "titre_periode": _period(first, length),
        "titre_vue": "Semaine" if semaine else "Jour",
        "tabs": [
            ("Semaine", link(jour, "semaine"), semaine, None),
            ("Jour", link(jour, "jour"), not semaine, None),
        ],
        "precedent": link(first - timedelta(days=length), vue),
        "suivant": link(first + timedelta(days=length), vue),
        "trop": len(rows) > MOST_SHOWN,
        "reservation": caisse.rendez_vous_reservation,
    }
    record(Verbe.CONSULTATION, actor=membership, objet="agenda", objet_id=first.isoformat())
    return render(request, "rendez_vous/agenda.html", context)


def _day(request: HttpRequest, caisse: Caisse) -> date:
    """The day asked for; else today, or Monday when today is in a weekend."""
    try:
        day = date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        today = caisse.today()
        return today + timedelta(days=7 - today.weekday() if today.weekday() > 4 else 0)
    near = abs((day - caisse.today()).days) < 3700
    return day if near else caisse.today()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _period(first: date, length: int) -> str:
    if length == 1:
        return day_in_words(first, "l j F Y")
    return f"semaine du {day_in_words(first)} au {day_in_words(first + timedelta(days=4))}"


def _journee(caisse: Caisse, day: date, rows: list[Horaire], free: dict[date, int]) -> Journee:
    zone = ZoneInfo(caisse.fuseau)
    lines = [_line(row, zone) for row in rows if row.debut.astimezone(zone).date() == day]
    words = day_in_words(day, "l j F")
    return Journee(words[0].upper() + words[1:], is_open(caisse, day), free.get(day, 0), lines)


def _line(row: Horaire, zone: ZoneInfo) -> dict[str, Any]:
    demande = row.demande
    etat = EtatRendezVous(demande.rendez_vous.statut)
    tone, icon = TONES[etat]
    return {
        "heure": f"{hour_in_words(row.debut.astimezone(zone))} – {hour_in_words(row.fin.astimezone(zone))}",
        "reference": demande.reference,
        "url": reverse("signalements:traitement", args=[demande.reference]),
        "personne": "" if demande.sans_personne else demande.personne.nom_complet,
        "structure": row.partenaire.raison_sociale,
        "lieu": place_in_words(row.type, row.agence).split(",")[0],
        "agent": row.agent.get_full_name() if row.agent else "",
        "etat": str(etat.label),
        "ton": tone,
        "icone": icon,
    }


@staff_view()
@require_safe
def plages(request: HttpRequest) -> HttpResponse:
    """The plages of the caisse that are not over, with what is taken and free."""
    _, caisse = handler(request)
    lignes = [(plage, _words(plage)) for plage in plages_of(caisse)]
    context = {"lignes": lignes, "reservation": caisse.rendez_vous_reservation, "crumbs": _crumbs()}
    return render(request, "rendez_vous/plages.html", context)


def _words(plage: PlageHoraire) -> str:
    jours = ", ".join(str(Jour(jour).label).lower() for jour in plage.jours)
    hours = f"de {hour_in_words(plage.heure_debut)} à {hour_in_words(plage.heure_fin)}"
    if plage.du == plage.au:
        return f"Le {day_in_words(plage.du, 'l j F Y')}, {hours}"
    return f"{jours[0].upper()}{jours[1:]}, {hours}, du {plage.du:%d/%m/%Y} au {plage.au:%d/%m/%Y}"


def _crumbs(*pages: tuple[str, str]) -> list[tuple[str, str]]:
    own = reverse("rendez_vous:plages") if pages else ""
    return [("Rendez-vous", reverse("rendez_vous:agenda")), ("Plages", own), *pages]


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def plage_nouvelle(request: HttpRequest) -> HttpResponse:
    """Open hours to booking."""
    membership, caisse = handler(request)
    return _plage_page(request, membership, PlageHoraire(caisse=caisse), new=True)


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def plage(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or close a plage."""
    membership, caisse = handler(request)
    found = PlageHoraire.objects.filter(caisse=caisse, pk=pk).select_related("agence").first()
    if found is None:
        raise Http404
    return _plage_page(request, membership, found, new=False)


def _plage_page(
    request: HttpRequest, membership: Membership, found: PlageHoraire, *, new: bool
) -> HttpResponse:
    caisse = caisse_of(membership)
    form = PlageForm(
        *([request.POST] if request.method == "POST" else []),
        caisse=caisse,
        agences=agences_of(caisse),
        agents=[agent for agent in staff_of(caisse) if agent.profil != "conseiller_mas"],
        structures=list(Partenaire.objects.of_caisse(caisse).order_by("raison_sociale", "pk")),
        motifs=motifs_for(caisse),
        plage=None if new else found,
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_plage(actor=membership, plage=form.fill(found))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "La plage est enregistrée, ses créneaux sont publiés.")
            return redirect("rendez_vous:plages")
    title = "Nouvelle plage" if new else "Modifier la plage"
    context = {"form": form, "title": title, "crumbs": _crumbs((title, ""))}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "rendez_vous/plage.html", context, status=status)
