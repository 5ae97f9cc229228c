"""Supervision: workload, what is late, what is nobody's, and giving demandes to somebody."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Act, current
from caisses.models import Caisse
from portal.errors import DomainError
from portal.reference import SAMPLE
from portal.ui.tables import Column
from signalements.forms.caisse import AttributionForm
from signalements.models import Demande
from signalements.operations.traitement import assign
from signalements.queries.agents import staff_of
from signalements.queries.pilotage import SHOWN, to_reassign, workload
from signalements.views.caisse.access import (
    UNPROCESSABLE,
    add_domain_error,
    caisse_of,
    demande_or_404,
    staff_view,
    task_url,
)
from signalements.views.caisse.lines import deadline_badge, status_badge

LISTS = {"en-retard": "En retard", "sans-agent": "Sans personne attribuée"}
WORKLOAD = [
    Column("Personne"),
    Column("Ouvertes", css="ep-num"),
    Column("En retard", css="ep-num"),
    Column("Échéance proche", css="ep-num"),
    Column("Urgentes", css="ep-num"),
    Column("En attente du partenaire", css="ep-num"),
]
LINES = [
    Column("Choisir"),
    Column("Référence"),
    Column("Structure"),
    Column("Statut"),
    Column("Échéance"),
    Column("Attribuée à"),
]
MOST_AT_ONCE = 100


@staff_view(Act.SUPERVISER)
@require_safe
def pilotage(request: HttpRequest) -> HttpResponse:
    """The workload of everybody, and a list from which to reassign."""
    return _page(request, request.GET.get("liste", "en-retard"))


@staff_view(Act.SUPERVISER)
@require_POST
def attribuer(request: HttpRequest) -> HttpResponse:
    """Give the ticked demandes, or the one of the processing page, to somebody."""
    membership = current(request)
    liste = request.POST.get("liste", "en-retard")
    form = AttributionForm(request.POST, agents=staff_of(caisse_of(membership)))
    chosen = request.POST.getlist("demandes")[:MOST_AT_ONCE]
    ids = list(
        Demande.objects.visible_to(membership).filter(reference__in=chosen).values_list("pk", flat=True)
    )
    if form.is_valid():
        try:
            changed = assign(actor=membership, demande_ids=ids, agent_id=int(form.cleaned_data["agent"]))
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _said(len(changed)))
            return redirect(_next_address(request, liste))
    return _page(request, liste, form, chosen)


def _said(count: int) -> str:
    if not count:
        return "Rien n’a changé\u00a0: ces demandes étaient déjà attribuées à cette personne."
    return "La demande est attribuée." if count == 1 else f"{count} demandes sont attribuées."


def _next_address(request: HttpRequest, liste: str) -> str:
    """Back to the processing page when the act came from there, else to the list."""
    reference = request.POST.get("retour", "")
    if reference:
        return task_url(demande_or_404(current(request), reference))
    return f"{reverse('signalements:pilotage')}?{urlencode({'liste': liste})}"


def _page(
    request: HttpRequest,
    liste: str,
    form: AttributionForm | None = None,
    chosen: list[str] | None = None,
) -> HttpResponse:
    caisse = caisse_of(current(request))
    agents = staff_of(caisse)
    charges, equipes = workload(caisse, agents)
    people = {str(charge.agent.pk): charge.agent.get_full_name() for charge in charges if charge.agent}
    if liste not in LISTS and liste not in people:
        liste = "en-retard"
    rows = to_reassign(caisse, liste)
    titles = LISTS | {pk: f"Demandes de {name}" for pk, name in people.items()}
    address = reverse("signalements:pilotage")
    shown = [*LISTS, *([liste] if liste in people else [])]
    context = {
        "charges": charges,
        "workload_columns": WORKLOAD,
        "equipes": equipes,
        "team_columns": [Column("Équipe"), *WORKLOAD[1:]],
        "columns": LINES,
        "lignes": _lines(rows, caisse, set(chosen or [])),
        "liste": liste,
        "titre": titles[liste],
        "tabs": [(titles[code], f"{address}?liste={code}", code == liste, None) for code in shown],
        "limite": SHOWN if len(rows) == SHOWN else 0,
        "form": form or AttributionForm(agents=agents),
    }
    status = UNPROCESSABLE if form is not None and form.errors else 200
    return render(request, "signalements/caisse/pilotage.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Ligne:
    """A demande to give to somebody."""

    reference: str
    url: str
    structure: str
    statut: SafeString
    echeance: SafeString | str
    agent: str
    urgente: bool
    choisie: bool


def _lines(rows: list[Any], caisse: Caisse, chosen: set[str]) -> list[Ligne]:
    """The rows, ready to be drawn; those that were ticked stay ticked."""
    today = caisse.today()
    address = reverse("signalements:traitement", args=[SAMPLE])
    for row in rows:
        row.caisse = caisse
    return [
        Ligne(
            reference=row.reference,
            url=address.replace(SAMPLE, row.reference),
            structure=row.structure,
            statut=status_badge(row),
            echeance=deadline_badge(row, today),
            agent=(row.agent or "").strip() or "Non attribuée",
            urgente=row.urgente,
            choisie=row.reference in chosen,
        )
        for row in rows
    ]
