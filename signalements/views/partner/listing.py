"""« Demandes de ma structure », and « Demandes en cours » where the history is not open."""

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, current, membership_required
from caisses.enums import Fonction
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.keyset import KeysetPage
from portal.ui.tables import Column
from portal.ui.text import shown_count
from signalements.forms.listing import FiltresForm
from signalements.models import Demande
from signalements.queries.partner import (
    ONGLETS,
    ONGLETS_EN_COURS,
    Filtres,
    list_page,
    tab_counts,
)
from signalements.views.partner.addresses import list_of
from signalements.views.partner.rows import lines_of

SEARCHES = "recherches"
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
    membership = current(request)
    if not membership.caisses_avec(Fonction.HISTORIQUE):
        raise PermissionDenied
    onglet = request.GET.get("onglet", "")
    if onglet not in ONGLETS:
        onglet = "toutes"
    if request.method == "POST":
        return _remember_search(request, onglet)
    data = request.GET.copy()
    data["q"] = request.session.get(SEARCHES, {}).get(request.GET.get("recherche", ""), "")
    form = FiltresForm(data, membership=membership)
    filtres = form.filtres()
    base = _address_of(request.GET, form)
    reading = _Reading(membership, reverse("signalements:demandes"), tuple(ONGLETS), onglet, base)
    page, context = _page(request, reading, filtres)
    if filtres.recherche.strip():
        record(Verbe.RECHERCHE, actor=membership, objet="demande", details={"resultats": len(page.rows)})
    context |= {
        "titre": "Demandes de ma structure",
        "form": form,
        "selects": form.selects(),
        "filtree": form.actifs,
        "reset": f"{reading.address}?onglet={onglet}",
        "search_id": "id_q",
    }
    return render(request, "signalements/partner/demandes.html", context)


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def suivi(request: HttpRequest) -> HttpResponse:
    """« Demandes en cours »: what is followed where no caisse opens the history; no search, nothing closed."""
    membership = current(request)
    label, address = list_of(membership)
    if address != reverse("signalements:suivi"):
        return redirect(address)
    onglet = request.GET.get("onglet", "")
    if onglet not in ONGLETS_EN_COURS:
        onglet = "en-cours" if membership.conventions else "brouillons"
    reading = _Reading(membership, address, ONGLETS_EN_COURS, onglet, {})
    _, context = _page(request, reading, Filtres())
    return render(request, "signalements/partner/demandes.html", {**context, "titre": label})


@dataclass(frozen=True)
class _Reading:
    """Which list is read: its address, its tabs, the one that is open, the filters of the address."""

    membership: Membership
    address: str
    onglets: tuple[str, ...]
    onglet: str
    base: dict[str, str]

    def url(self, **more: str) -> str:
        """The address of this list, with its filters and more."""
        return f"{self.address}?{urlencode({'onglet': self.onglet, **self.base, **more})}"


def _page(
    request: HttpRequest, reading: _Reading, filtres: Filtres
) -> tuple[KeysetPage[Demande], dict[str, Any]]:
    """25 rows of the open tab, and what the page shows of them."""
    membership, onglet = reading.membership, reading.onglet
    counts = tab_counts(membership)
    request.a_faire = counts["a-faire"]  # type: ignore[attr-defined]  # the menu shows it too
    page = list_page(membership, onglet, filtres, request.GET.get("page", ""))
    several = len(membership.conventions) > 1
    return page, {
        "onglet": onglet,
        "tabs": [
            (ONGLETS[code], reading.url(onglet=code), code == onglet, counts[code])
            for code in reading.onglets
        ],
        "lignes": lines_of(page.rows),
        "columns": [*COLUMNS[:3], Column("Caisse"), *COLUMNS[3:]] if several else COLUMNS,
        "several": several,
        "caption": _caption(ONGLETS[onglet], None if filtres != Filtres() else counts[onglet]),
        "previous": reading.url(page=page.previous) if page.previous else "",
        "following": reading.url(page=page.following) if page.following else "",
        "vide": not counts["toutes"],
    }


def _remember_search(request: HttpRequest, onglet: str) -> HttpResponse:
    """Keep the text in the session, and show its results at an address without it."""
    form = FiltresForm(request.POST, membership=current(request))
    form.is_valid()
    address = {"onglet": request.POST.get("onglet") or onglet, **_address_of(request.POST, form)}
    text = form.cleaned_data.get("q", "").strip()
    if text:
        number = secrets.token_hex(4)
        kept = list(request.session.get(SEARCHES, {}).items())[-KEPT_SEARCHES + 1 :]
        request.session[SEARCHES] = dict([*kept, (number, text)])
        address["recherche"] = number
    else:
        address.pop("recherche", None)
    return redirect(f"{reverse('signalements:demandes')}?{urlencode(address)}")


def _address_of(data: QueryDict, form: FiltresForm) -> dict[str, str]:
    """The filters that stand in the address."""
    names = [*(name for name in form.fields if name != "q"), "recherche"]
    return {name: data[name] for name in names if data.get(name)}


def _caption(label: str, count: int | None) -> str:
    found = f", {shown_count(count)} demande{'s' if count > 1 else ''}" if count is not None else ""
    return f"{label}{found}, de la plus récente à la plus ancienne"
