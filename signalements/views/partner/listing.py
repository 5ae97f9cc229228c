"""« Demandes de ma structure », and « Demandes en cours » where the history is not open."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Act, current, membership_required
from caisses.enums import Fonction
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.exports import FORMATS, Tableau, TooManyRows, export_response, write_export
from portal.keyset import KeysetPage
from portal.ui.tables import Column
from portal.ui.text import shown_count
from signalements.forms.listing import FiltresForm
from signalements.models import Demande
from signalements.queries.partner import ONGLETS, Filtres, list_page, rows_to_export
from signalements.queries.partner_counts import tab_counts
from signalements.queries.urgences import urgent_share
from signalements.views.partner.addresses import list_of
from signalements.views.partner.export_rows import EXPORTED, WIDTHS, cells_of
from signalements.views.partner.reading import (
    SEARCHES,
    Reading,
    address_of,
    history_of,
    places_of,
    under_way_of,
)
from signalements.views.partner.rows import lines_of

KEPT_SEARCHES = 5
COLUMNS = [
    Column("Référence"),
    Column("Personne"),
    Column("Service"),
    Column("Statut"),
    Column("Échéance"),
    Column("Dernière action"),
    Column("Technicien"),
]


@membership_required(Act.SUIVRE_DEMANDES)
@require_http_methods(["GET", "HEAD", "POST"])
def demandes(request: HttpRequest) -> HttpResponse:
    """The demandes of the structure: tabs with counts, filters, search; 25 rows.

    The address holds the tab, the filters and the page. What is searched is posted and kept in the session
    under a number: a name never stands in an address, a history or a log.

    Raises:
        PermissionDenied: no caisse opens the function « Historique des demandes » to the structure (art. 1.2).
    """
    membership = _with_history(request)
    if request.method == "POST":
        return _remember_search(request)
    reading = history_of(request)
    form = reading.form
    page, context = _page(request, reading)
    if reading.filtres.recherche.strip():
        record(Verbe.RECHERCHE, actor=membership, objet="demande", details={"resultats": len(page.rows)})
    query = urlencode(reading.params())
    context |= {
        "titre": "Demandes de ma structure",
        "form": form,
        "selects": form.selects() if form else [],
        "filtree": bool(form and form.actifs),
        "reset": f"{reading.address}?onglet={reading.onglet}",
        "search_id": "id_q",
        "exports": {format: f"{reverse(f'signalements:demandes_{format}')}?{query}" for format in FORMATS},
        "urgences": urgent_share(membership),
    }
    return render(request, "signalements/partner/demandes.html", context)


def _with_history(request: HttpRequest) -> Any:
    membership = current(request)
    if not membership.caisses_avec(Fonction.HISTORIQUE):
        raise PermissionDenied
    return membership


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def exporter(request: HttpRequest, format: str) -> HttpResponse:
    """What the list shows, all its pages, as CSV or XLSX: no identity, journaled (domaine.md §4.9).

    Raises:
        PermissionDenied: no caisse opens the history to the structure.
    """
    membership = _with_history(request)
    reading = history_of(request)
    rows = (cells_of(row) for row in rows_to_export(membership, reading.onglet, reading.filtres))
    try:
        exporte = write_export(Tableau(ONGLETS[reading.onglet], EXPORTED, rows, WIDTHS), format)
    except TooManyRows as error:
        messages.error(request, error.message)
        return redirect(reading.url())
    record(
        Verbe.EXPORT,
        actor=membership,
        objet="demande",
        details={"onglet": reading.onglet, "format": format, "lignes": exporte.lignes},
    )
    return export_response(exporte, f"demandes-{reading.onglet}-{clock.today()}", format)


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def suivi(request: HttpRequest) -> HttpResponse:
    """« Demandes en cours »: what is followed where no caisse opens the history; no search, nothing closed."""
    label, address = list_of(current(request))
    if address != reverse("signalements:suivi"):
        return redirect(address)
    _, context = _page(request, under_way_of(request))
    return render(request, "signalements/partner/demandes.html", {**context, "titre": label})


def _page(request: HttpRequest, reading: Reading) -> tuple[KeysetPage[Demande], dict[str, Any]]:
    """25 rows of the open tab, and what the page shows of them."""
    membership, onglet = reading.membership, reading.onglet
    counts = tab_counts(membership)
    request.a_faire = counts["a-faire"]  # type: ignore[attr-defined]  # the menu shows it too
    cursor = request.GET.get("page", "")
    page = list_page(membership, onglet, reading.filtres, cursor)
    several = len(membership.conventions) > 1
    return page, {
        "onglet": onglet,
        "tabs": [
            (ONGLETS[code], reading.url(onglet=code), code == onglet, counts[code])
            for code in reading.onglets
        ],
        "lignes": lines_of(page.rows, places_of(reading, page.rows, cursor)),
        "columns": [*COLUMNS[:3], Column("Caisse"), *COLUMNS[3:]] if several else COLUMNS,
        "several": several,
        "caption": _caption(ONGLETS[onglet], None if reading.filtres != Filtres() else counts[onglet]),
        "previous": reading.url(page=page.previous) if page.previous else "",
        "following": reading.url(page=page.following) if page.following else "",
        "vide": not counts["toutes"],
    }


def _remember_search(request: HttpRequest) -> HttpResponse:
    """Keep the text in the session, and show its results at an address without it."""
    form = FiltresForm(request.POST, membership=current(request))
    form.is_valid()
    onglet = request.POST.get("onglet") or request.GET.get("onglet", "")
    address = {"onglet": onglet if onglet in ONGLETS else "toutes", **address_of(request.POST, form)}
    text = form.cleaned_data.get("q", "").strip()
    if text:
        number = secrets.token_hex(4)
        kept = list(request.session.get(SEARCHES, {}).items())[-KEPT_SEARCHES + 1 :]
        request.session[SEARCHES] = dict([*kept, (number, text)])
        address["recherche"] = number
    else:
        address.pop("recherche", None)
    return redirect(f"{reverse('signalements:demandes')}?{urlencode(address)}")


def _caption(label: str, count: int | None) -> str:
    found = f", {shown_count(count)} demande{'s' if count > 1 else ''}" if count is not None else ""
    return f"{label}{found}, de la plus récente à la plus ancienne"
