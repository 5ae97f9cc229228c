"""The queue of the caisse: views as tabs, filters, pages by position, and what can be done to many at once."""

from collections.abc import Set as AbstractSet
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, can, current
from portal.counts import COUNT_LIMIT
from portal.ui.text import shown_count
from signalements.forms.caisse import RechercheForm
from signalements.forms.file import FiltresForm, LotForm
from signalements.kinds.registry import kinds
from signalements.models import Etiquette
from signalements.operations.lots import MOST_LINES
from signalements.queries.agents import staff_names, structure_names, team_names
from signalements.queries.file_caisse import VUES, Vue, queue_page, tab_counts
from signalements.queries.vues import opened_views
from signalements.views.caisse.access import UNPROCESSABLE, caisse_of, staff_view
from signalements.views.caisse.lines import COLUMNS, IN_ORDER, SELECTION, lines_of, palette_of
from signalements.views.caisse.place import Place
from signalements.views.caisse.recherche import search_results


@staff_view()
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """A view of the queue, 25 rows; the address holds the view, the filters and the page, never a name."""
    if "recherche" in request.GET:
        return search_results(request, current(request))
    return queue_screen(request, current(request), request.GET)


def filter_form(params: QueryDict, membership: Membership, etiquettes: list[Etiquette]) -> FiltresForm:
    """The filters an address names, with what they may be."""
    caisse = caisse_of(membership)
    handled = membership.fonctions_traitees
    services = [(code, kind.nom) for code, kind in kinds().items() if handled is None or code in handled]
    return FiltresForm(
        params,
        structures=structure_names(caisse),
        services=services,
        equipes=team_names(caisse),
        agents=staff_names(caisse),
        etiquettes=etiquettes,
    )


def lot_form(
    membership: Membership,
    statuts: AbstractSet[str],
    etiquettes: list[Etiquette],
    data: QueryDict | None = None,
) -> LotForm:
    """The acts this person may ask on demandes of these statuses."""
    return LotForm(
        data,
        statuts=statuts,
        agents=staff_names(caisse_of(membership)),
        equipes=team_names(caisse_of(membership)),
        etiquettes=etiquettes,
        superviseur=can(membership, Act.SUPERVISER),
    )


def queue_screen(
    request: HttpRequest,
    membership: Membership,
    params: QueryDict,
    lot: LotForm | None = None,
    ticked: list[str] | None = None,
) -> HttpResponse:
    """Draw the queue; with a refused `lot` the answer is 422 and what was ticked stays so."""
    etiquettes = palette_of(membership)
    form = filter_form(params, membership, etiquettes)
    vue = VUES.get(params.get("vue", ""), VUES["a-traiter"])
    place = Place(vue, form.filtres(), params.get("page", ""))
    counts = tab_counts(membership, place.filtres, vue)
    page = queue_page(membership, vue, place.filtres, place.page)
    # A list that stands whole on the page offers what its lines allow, a longer one what its view does.
    whole = not page.previous and not page.following
    seen = {demande.statut for demande in page.rows} if whole else vue.statuts
    act = lot or lot_form(membership, seen, etiquettes)
    context = {
        "lignes": lines_of(page.rows, caisse_of(membership), etiquettes, set(ticked or [])),
        "columns": [SELECTION, *COLUMNS] if act.possible else COLUMNS,
        "recherche_form": RechercheForm(),
        "search_id": "id_q",
        "form": form,
        "vue": vue,
        "place": place,
        "tabs": _tabs(place, counts),
        "perdus": form.perdus(),
        "effacer": Place(vue).url(),
        "caption": _caption(vue, counts[vue.code]),
        "previous": place.url(page=page.previous) if page.previous else "",
        "following": place.url(page=page.following) if page.following else "",
        "raccourcis": membership.user.raccourcis,
        "superviseur": can(membership, Act.SUPERVISER),
        "has_errors": bool(lot and lot.errors),
        **_lot_context(act, counts[vue.code]),
        **_views_context(membership, place),
    }
    status = UNPROCESSABLE if lot and lot.errors else 200
    response = render(request, "signalements/caisse/file.html", context, status=status)
    return place.keep(request, response)


def _lot_context(lot: LotForm, count: int) -> dict[str, Any]:
    every = (
        f"Sélectionner les {MOST_LINES:n} premiers résultats"
        if count >= COUNT_LIMIT
        else f"Sélectionner les {count} résultats"
    )
    return {"lot": lot, "tous": every if count > 1 else ""}


def _views_context(membership: Membership, place: Place) -> dict[str, Any]:
    """The kept views, one's own and the team's, and the one that is open."""
    own, shared, open_one = [], [], ""
    for view in opened_views(membership):
        here = view.onglet == place.vue.code and view.filtres == place.filtres.values()
        if here:
            open_one = view.nom
        url = reverse("signalements:vue", args=[view.pk])
        (own if view.proprietaire_id else shared).append((view.nom, url, here))
    return {"mes_vues": own, "vues_equipe": shared, "vue_ouverte": open_one}


def _tabs(place: Place, counts: dict[str, int]) -> list[tuple[str, str, bool, int | None]]:
    shown = [vue for vue in VUES.values() if vue.onglet or vue == place.vue]
    return [(vue.libelle, place.url(vue=vue.code), vue == place.vue, counts.get(vue.code)) for vue in shown]


def _caption(vue: Vue, count: int) -> str:
    found = f", {shown_count(count)} demande{'s' if count > 1 else ''}"
    return f"{vue.libelle}{found}, {IN_ORDER[vue.ordre]}"
