"""The search of the caisse: what is typed is posted and kept in the session, the address holds a number only."""

import secrets
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.memberships import Membership
from accounts.permissions import current
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.counts import COUNT_LIMIT
from portal.keyset import KeysetPage
from portal.ui.text import shown_count
from signalements.forms.caisse import RechercheForm
from signalements.models import Demande
from signalements.queries.agents import structure_names
from signalements.queries.file_caisse import RECENT_ORDER, search_count, search_page
from signalements.queries.recherche import matching_names, read_search
from signalements.views.caisse.access import UNPROCESSABLE, caisse_of, staff_view
from signalements.views.caisse.lines import COLUMNS, IN_ORDER, lines_of, palette_of

SEARCHES = "recherches_caisse"
KEPT_SEARCHES = 5
MOST_STRUCTURES = 10


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
                "q",
                "Saisissez une référence, une date de naissance, une structure ou au moins deux lettres d’un nom.",
            )
        return _search_page(request, membership, form, KeysetPage([], "", ""), "", status=UNPROCESSABLE)
    number = secrets.token_urlsafe(6)
    kept = list(request.session.get(SEARCHES, {}).items())[-KEPT_SEARCHES + 1 :]
    request.session[SEARCHES] = dict([*kept, (number, text)])
    structures = matching_names(text, structure_names(caisse_of(membership)), MOST_STRUCTURES)
    details: dict[str, object] = {
        "critere": found.critere,
        "resultats": search_count(membership, found),
    }
    if structures:
        details["structures"] = len(structures)
    record(Verbe.RECHERCHE, actor=membership, objet="demande", details=details)
    return redirect(f"{reverse('signalements:file')}?{urlencode({'recherche': number})}")


def search_results(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What a search of this session found; an unknown one leads to the queue."""
    number = request.GET.get("recherche", "")
    text = request.session.get(SEARCHES, {}).get(number)
    if text is None:
        return redirect("signalements:file")
    found = read_search(text, caisse_of(membership).today())
    page = search_page(membership, found, request.GET.get("page", ""))
    count = search_count(membership, found)
    form = RechercheForm(initial={"q": text})
    return _search_page(request, membership, form, page, number, count=count, text=text)


def _search_page(
    request: HttpRequest,
    membership: Membership,
    form: RechercheForm,
    page: KeysetPage[Demande],
    number: str,
    *,
    count: int = 0,
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    def url(cursor: str) -> str:
        parts = {"recherche": number, "page": cursor}
        return f"{reverse('signalements:file')}?{urlencode(parts)}" if cursor else ""

    results = f"{shown_count(count)} demande{'s' if count > 1 else ''}"
    structures = matching_names(text, structure_names(caisse_of(membership)), MOST_STRUCTURES)
    queue = reverse("signalements:file")
    context = {
        "lignes": lines_of(page.rows, caisse_of(membership), palette_of(membership) if page.rows else []),
        "columns": COLUMNS,
        "search_id": "id_q",
        "recherche_form": form,
        "has_errors": bool(form.errors),
        "resultats": "" if form.errors else results,
        "structures": [(name, f"{queue}?{urlencode({'structure': pk})}") for pk, name in structures],
        "trop": count >= COUNT_LIMIT,
        "caption": f"Résultats de la recherche, {results}, {IN_ORDER[RECENT_ORDER]}",
        "previous": url(page.previous),
        "following": url(page.following),
    }
    return render(request, "signalements/caisse/recherche.html", context, status=status)
