"""« Demandes de ma structure »."""

import secrets
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import Act, current, membership_required
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.keyset import keyset_page
from portal.ui.tables import Column
from portal.ui.text import shown_count
from signalements.forms.listing import FiltresForm
from signalements.models import Message
from signalements.queries.partner import ONGLETS, narrowed, tab_counts, tab_rows
from signalements.views.partner.rows import lines_of

SEARCHES = "recherches"
KEPT_SEARCHES = 5
KEYS = ("-modifiee_le", "-id")
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
    """
    membership = current(request)
    onglet = request.GET.get("onglet", "")
    if onglet not in ONGLETS:
        onglet = "toutes"
    if request.method == "POST":
        return _remember_search(request, onglet)
    data = request.GET.copy()
    data["q"] = request.session.get(SEARCHES, {}).get(request.GET.get("recherche", ""), "")
    form = FiltresForm(data, membership=membership)
    filtres = form.filtres()
    counts = tab_counts(membership)
    request.a_faire = counts["a-faire"]  # the menu shows it too
    rows = narrowed(tab_rows(membership, onglet), membership, filtres)
    rows = rows.select_related("caisse", "personne", "brouillon", "auteur")
    page = keyset_page(rows, KEYS, request.GET.get("page", ""))
    unread = frozenset(
        Message.objects.filter(
            demande__in=[row.pk for row in page.rows], cote="CAISSE", lu_le__isnull=True
        ).values_list("demande_id", flat=True)
    )
    if filtres.recherche.strip():
        record(Verbe.RECHERCHE, actor=membership, objet="demande", details={"resultats": len(page.rows)})
    base = _address_of(request.GET, form)
    address = reverse("signalements:demandes")
    several = len(membership.conventions) > 1
    context = {
        "form": form,
        "selects": form.selects(),
        "onglet": onglet,
        "tabs": [
            (label, f"{address}?{urlencode({'onglet': code, **base})}", code == onglet, counts[code])
            for code, label in ONGLETS.items()
        ],
        "lignes": lines_of(page.rows, unread),
        "columns": [*COLUMNS[:3], Column("Caisse"), *COLUMNS[3:]] if several else COLUMNS,
        "several": several,
        "caption": _caption(ONGLETS[onglet], None if form.actifs else counts[onglet]),
        "previous": _page_url(address, onglet, base, page.previous),
        "following": _page_url(address, onglet, base, page.following),
        "reset": f"{address}?onglet={onglet}",
        "vide": not counts["toutes"],
        "search_id": "id_q",
    }
    return render(request, "signalements/partner/demandes.html", context)


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


def _page_url(address: str, onglet: str, base: dict[str, str], cursor: str) -> str:
    return f"{address}?{urlencode({'onglet': onglet, **base, 'page': cursor})}" if cursor else ""


def _caption(label: str, count: int | None) -> str:
    found = f", {shown_count(count)} demande{'s' if count > 1 else ''}" if count is not None else ""
    return f"{label}{found}, de la plus récente à la plus ancienne"
