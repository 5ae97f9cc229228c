"""The queue of the caisse: views as tabs, filters, search, pages by position."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.memberships import Membership
from accounts.permissions import current
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.counts import COUNT_LIMIT
from portal.keyset import KeysetPage
from portal.ui.text import shown_count
from signalements.forms.caisse import FiltresForm, RechercheForm
from signalements.kinds.registry import kinds
from signalements.models import Demande
from signalements.queries.agents import staff_names, structure_names
from signalements.queries.file_caisse import (
    DEADLINE_ORDER,
    PAR_DEFAUT,
    RECENT_ORDER,
    VUES,
    Vue,
    next_in_line,
    queue_page,
    search_count,
    search_page,
    tab_counts,
)
from signalements.queries.recherche import read_search
from signalements.views.caisse.access import (
    UNPROCESSABLE,
    caisse_of,
    demande_or_404,
    staff_view,
)
from signalements.views.caisse.lines import COLUMNS, lines_of

SEARCHES = "recherches_caisse"
KEPT_SEARCHES = 5
IN_ORDER = {
    DEADLINE_ORDER: "urgences d’abord, puis par échéance",
    RECENT_ORDER: "de la plus récente à la plus ancienne",
}


@staff_view()
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """A view of the queue, 25 rows; the address holds the view, the filters and the page, never a name."""
    membership = current(request)
    if "recherche" in request.GET:
        return _results(request, membership)
    vue = VUES.get(request.GET.get("vue", ""), PAR_DEFAUT)
    form = _filter_form(request, membership)
    filtres = form.filtres()
    counts = tab_counts(membership, filtres)
    page = queue_page(membership, vue, filtres, request.GET.get("page", ""))
    chosen = {name: form.data[name] for name in form.fields if form.data.get(name)}
    address = _Address(vue.code, chosen, reverse("signalements:file"))
    context = {
        **_shared(request, membership, page),
        "form": form,
        "vue": vue,
        "tabs": _tabs(vue, counts, address),
        "filtres_actifs": filtres.actifs,
        "effacer": _Address(vue.code, {}, address.chemin).url(),
        "caption": _caption(vue, counts.get(vue.code)),
        "previous": address.url(page.previous) if page.previous else "",
        "following": address.url(page.following) if page.following else "",
    }
    return render(request, "signalements/caisse/file.html", context)


@dataclass(frozen=True)
class _Address:
    """The address of a view with its filters."""

    vue: str
    filtres: dict[str, str]
    chemin: str

    def url(self, page: str = "", vue: str = "") -> str:
        parts = {"vue": vue or self.vue, **self.filtres, **({"page": page} if page else {})}
        return f"{self.chemin}?{urlencode(parts)}"


def _filter_form(request: HttpRequest, membership: Membership) -> FiltresForm:
    caisse = caisse_of(membership)
    handled = membership.fonctions_traitees
    services = [(code, kind.nom) for code, kind in kinds().items() if handled is None or code in handled]
    return FiltresForm(
        request.GET, structures=structure_names(caisse), services=services, agents=staff_names(caisse)
    )


def _shared(request: HttpRequest, membership: Membership, page: KeysetPage[Demande]) -> dict[str, object]:
    return {
        "lignes": lines_of(page.rows, caisse_of(membership)),
        "columns": COLUMNS,
        "recherche_form": RechercheForm(),
        "search_id": "id_q",
    }


def _tabs(active: Vue, counts: dict[str, int], address: _Address) -> list[tuple[str, str, bool, int | None]]:
    shown = [vue for vue in VUES.values() if vue.onglet or vue == active]
    return [(vue.libelle, address.url(vue=vue.code), vue == active, counts.get(vue.code)) for vue in shown]


def _caption(vue: Vue, count: int | None) -> str:
    found = ""
    if count is not None:
        found = f", {shown_count(count)} demande{'s' if count > 1 else ''}"
    return f"{vue.libelle}{found}, {IN_ORDER[vue.ordre]}"


# --- Search: what is typed is posted and kept in the session, the address holds a number only.


@staff_view()
@require_POST
def recherche(request: HttpRequest) -> HttpResponse:
    """Keep what is searched in the session, journal the search, and lead to its results."""
    membership = current(request)
    form = RechercheForm(request.POST)
    text = form.data.get("q", "")
    found = read_search(text, caisse_of(membership).today())
    if not form.is_valid() or found.vide:
        if form.is_valid():
            form.add_error(
                "q", "Saisissez une référence, une date de naissance ou au moins deux lettres d’un nom."
            )
        return _search_page(request, membership, form, KeysetPage([], "", ""), "", status=UNPROCESSABLE)
    number = secrets.token_urlsafe(6)
    kept = list(request.session.get(SEARCHES, {}).items())[-KEPT_SEARCHES + 1 :]
    request.session[SEARCHES] = dict([*kept, (number, text)])
    details = {"critere": found.critere, "resultats": search_count(membership, found)}
    record(Verbe.RECHERCHE, actor=membership, objet="demande", details=details)
    return redirect(f"{reverse('signalements:file')}?{urlencode({'recherche': number})}")


def _results(request: HttpRequest, membership: Membership) -> HttpResponse:
    number = request.GET["recherche"]
    text = request.session.get(SEARCHES, {}).get(number)
    if text is None:
        return redirect("signalements:file")
    found = read_search(text, caisse_of(membership).today())
    page = search_page(membership, found, request.GET.get("page", ""))
    count = search_count(membership, found)
    form = RechercheForm(initial={"q": text})
    return _search_page(request, membership, form, page, number, count=count)


def _search_page(
    request: HttpRequest,
    membership: Membership,
    form: RechercheForm,
    page: KeysetPage[Demande],
    number: str,
    *,
    count: int = 0,
    status: int = 200,
) -> HttpResponse:
    def url(cursor: str) -> str:
        parts = {"recherche": number, "page": cursor}
        return f"{reverse('signalements:file')}?{urlencode(parts)}" if cursor else ""

    results = f"{shown_count(count)} demande{'s' if count > 1 else ''}"
    context = {
        **_shared(request, membership, page),
        "recherche_form": form,
        "has_errors": bool(form.errors),
        "resultats": "" if form.errors else results,
        "trop": count >= COUNT_LIMIT,
        "caption": f"Résultats de la recherche, {results}, {IN_ORDER[RECENT_ORDER]}",
        "previous": url(page.previous),
        "following": url(page.following),
    }
    return render(request, "signalements/caisse/recherche.html", context, status=status)


@staff_view()
@require_safe
def suivante(request: HttpRequest, reference: str = "") -> HttpResponse:
    """Lead to the next demande to work on: nobody's or one's own, in deadline order."""
    membership = current(request)
    after = demande_or_404(membership, reference) if reference else None
    demande = next_in_line(membership, after)
    if demande is None:
        return redirect("signalements:file")
    return redirect("signalements:traitement", reference=demande.reference)
