"""Which list of demandes a technicien reads, as its address says: the list, its exports, the way through it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from accounts.memberships import Membership
from accounts.permissions import current
from caisses.enums import Fonction
from portal.keyset import PAGE_SIZE, position, turned
from signalements.forms.listing import FiltresForm
from signalements.models import Demande
from signalements.queries.partner import ONGLETS, ONGLETS_EN_COURS, Filtres, neighbours
from signalements.querysets import RECENT_ORDER

SEARCHES = "recherches"


@dataclass(frozen=True)
class Reading:
    """A list: its address, its tabs, the one that is open, its filters and how they stand in the address."""

    membership: Membership
    address: str
    onglets: tuple[str, ...]
    onglet: str
    base: dict[str, str]
    filtres: Filtres
    form: FiltresForm | None = None

    def url(self, **more: str) -> str:
        """The address of this list, with its filters and more."""
        return f"{self.address}?{urlencode(self.params(**more))}"

    def params(self, **more: str) -> dict[str, str]:
        """What stands in its address."""
        return {"onglet": self.onglet, **self.base, **more}


def history_of(request: HttpRequest) -> Reading:
    """« Demandes de ma structure », as the address of a request says."""
    membership = current(request)
    onglet = request.GET.get("onglet", "")
    data = request.GET.copy()
    data["q"] = request.session.get(SEARCHES, {}).get(request.GET.get("recherche", ""), "")
    form = FiltresForm(data, membership=membership)
    filtres = form.filtres()
    return Reading(
        membership,
        reverse("signalements:demandes"),
        tuple(ONGLETS),
        onglet if onglet in ONGLETS else "toutes",
        address_of(request.GET, form),
        filtres,
        form,
    )


def under_way_of(request: HttpRequest) -> Reading:
    """« Demandes en cours », where no caisse opens the history."""
    membership = current(request)
    onglet = request.GET.get("onglet", "")
    if onglet not in ONGLETS_EN_COURS:
        onglet = "en-cours" if membership.conventions else "brouillons"
    return Reading(membership, reverse("signalements:suivi"), ONGLETS_EN_COURS, onglet, {}, Filtres())


def address_of(data: QueryDict, form: FiltresForm) -> dict[str, str]:
    """The filters that stand in an address."""
    names = [*(name for name in form.fields if name != "q"), "recherche"]
    return {name: data[name] for name in names if data.get(name)}


def places_of(reading: Reading, rows: list[Demande], page: str) -> list[str]:
    """What each row's link adds, so that its page knows the list, the page of it and the place in it."""
    common = urlencode(reading.params(page=page) if page else reading.params())
    return [f"{common}&place={position(row, RECENT_ORDER)}&rang={rank}" for rank, row in enumerate(rows)]


def way_through(request: HttpRequest) -> dict[str, Any] | None:
    """« Précédente », « Suivante » and the way back to the right page; None when no list led here."""
    place, page = request.GET.get("place", ""), request.GET.get("page", "")
    if not place:
        return None
    history = bool(current(request).caisses_avec(Fonction.HISTORIQUE))
    reading = history_of(request) if history else under_way_of(request)
    rank = request.GET.get("rang", "")
    rang = min(int(rank), PAGE_SIZE - 1) if rank.isascii() and rank.isdigit() and len(rank) < 4 else 0
    before, after = neighbours(reading.membership, reading.onglet, reading.filtres, place)
    # Past the end of a page, the neighbour stands on the next one: the one that begins at this place.
    back = (turned(place), PAGE_SIZE - 1) if rang == 0 else (page, rang - 1)
    forth = (place, 0) if rang == PAGE_SIZE - 1 else (page, rang + 1)
    return {
        "retour": reading.url(page=page) if page else reading.url(),
        "precedente": _address(reading, before, *back),
        "suivante": _address(reading, after, *forth),
    }


def _address(reading: Reading, demande: Demande | None, page: str, rang: int) -> str:
    if demande is None:
        return ""
    params = reading.params(place=position(demande, RECENT_ORDER), rang=str(rang))
    if page:
        params["page"] = page
    return f"{reverse('signalements:demande', args=[demande.reference])}?{urlencode(params)}"
