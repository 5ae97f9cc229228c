"""« Statistiques »: what was received, decided, how long it took, what was asked for again; tables to take away."""

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.permissions import Act, current
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.exports import FORMATS, Tableau, export_response, write_export
from portal.small_numbers import SMALLEST
from portal.ui.tables import Column, plain_rows
from portal.ui.text import day_in_words
from signalements.forms.statistiques import StatistiquesForm
from signalements.kinds.registry import kinds
from signalements.queries.agents import structure_names
from signalements.queries.filtres import SANS_AGENT
from signalements.queries.pilotage import Ouvertes
from signalements.queries.statistiques import Lecture, read_statistics, reason_labels
from signalements.statistics_tables import MASQUE, Mots, Table, tables_of
from signalements.views.caisse.access import caisse_of, staff_view

ANY_TABLE = "le-tableau"
SHOWN_ROWS = 12
"""Rows of a table on the page, the total not counted; the exports hold them all."""


@dataclass(frozen=True)
class _Lu:
    """What a request asks for, read."""

    form: StatistiquesForm
    lecture: Lecture
    tables: list[Table]


def _form(data: QueryDict, **offered: Any) -> StatistiquesForm:
    """What the address asks for; a value that is not offered narrows nothing, and is not shown as an error."""
    data.setdefault("periode", "12")
    form = StatistiquesForm(data, **offered)
    if form.is_valid():
        return form
    for name in form.errors:
        data.pop(name)
    data.setdefault("periode", "12")
    return StatistiquesForm(data, **offered)


def _read(request: HttpRequest) -> _Lu:
    caisse = caisse_of(current(request))
    structures = structure_names(caisse)
    services = [(kind.fonction, kind.nom) for kind in kinds().values()]
    form = _form(request.GET.copy(), structures=structures, services=services, today=caisse.today())
    champ = form.champ()
    lecture = read_statistics(caisse, champ)
    mots = Mots(dict(structures), reason_labels(caisse))
    tables = tables_of(lecture, mots, services=not champ.service, structures=not champ.structure)
    return _Lu(form, lecture, tables)


@staff_view(Act.SUPERVISER)
@require_safe
def statistiques(request: HttpRequest) -> HttpResponse:
    """The page: counters of the moment, a chart and its table for each question."""
    found = _read(request)
    form, lecture = found.form, found.lecture
    periode = form.champ().periode
    last = min(form.today, periode.mois[-1].replace(day=28))
    whole = lecture.ensemble
    chosen = urlencode(form.address())
    context: dict[str, Any] = {
        "form": form,
        "du": day_in_words(periode.debut, "F Y"),
        "au": day_in_words(last, "F Y"),
        "tuiles": _tiles(lecture.maintenant, form),
        "assez": whole.recues >= SMALLEST or whole.decidees >= SMALLEST,
        "sections": [_section(table, form, chosen) for table in found.tables],
        "filtree": bool(form.address().keys() - {"periode"}),
    }
    return render(request, "signalements/caisse/statistiques.html", context)


def _tiles(now: Ouvertes, form: StatistiquesForm) -> list[tuple[str, int, str, str, str]]:
    """The counters of the moment: words, number, address of the list, tone, icon."""
    kept = {name: value for name, value in form.address().items() if name != "periode"}
    queue = reverse("signalements:file")

    def listed(**view: str) -> str:
        return f"{queue}?{urlencode({**kept, **view})}"

    return [
        ("Ouvertes", now.ouvertes, "", "neutral", "dossier"),
        ("En retard", now.en_retard, listed(vue="en-retard"), "danger", "attention"),
        ("Échéance proche", now.proches, listed(vue="proches"), "warning", "horloge"),
        ("En attente du partenaire", now.en_attente, listed(vue="en-attente"), "neutral", "pause"),
        (
            "Sans personne attribuée",
            now.sans_agent,
            listed(vue="a-traiter", agent=SANS_AGENT),
            "neutral",
            "personne",
        ),
    ]


def _section(table: Table, form: StatistiquesForm, chosen: str) -> dict[str, Any]:
    """A table as the template draws it."""
    columns = [Column(label, css="ep-num" if place else "") for place, label in enumerate(table.colonnes)]
    rows = table.lignes
    hidden = max(len(rows) - 1 - SHOWN_ROWS, 0)
    if hidden:
        rows = [*rows[:SHOWN_ROWS], rows[-1]]
    drawn = [[_heading(table, place, form, row[0]), *map(_cell, row[1:])] for place, row in enumerate(rows)]
    urls = {
        format: f"{address.replace(ANY_TABLE, table.slug)}?{chosen}"
        for format, address in _export_addresses().items()
    }
    return {
        "slug": table.slug,
        "titre": table.titre,
        "legende": table.legende,
        "colonnes": columns,
        "lignes": plain_rows(columns, drawn),
        "graphique": table.graphique,
        "caches": hidden,
        "urls": urls,
        "masque": any(MASQUE in row for row in table.lignes),
    }


@cache
def _export_addresses() -> dict[str, str]:
    """The address of an export in each format, resolved once for every table."""
    return {format: reverse(f"signalements:statistiques_{format}", args=[ANY_TABLE]) for format in FORMATS}


def _cell(cell: object) -> object:
    """A number as it is written: « 12,5 »."""
    if isinstance(cell, float):
        return f"{cell:.1f}".replace(".", ",").removesuffix(",0")
    return cell


def _heading(table: Table, place: int, form: StatistiquesForm, words: object) -> SafeString | object:
    """The heading of a row; that of a structure leads to its own statistics."""
    if place >= len(table.cles):
        return words
    address = urlencode({**form.address(), "structure": table.cles[place]})
    return format_html('<a href="?{}">{}</a>', address, words)


@staff_view(Act.SUPERVISER)
@require_safe
def exporter(request: HttpRequest, tableau: str, format: str) -> HttpResponse:
    """One table as CSV or XLSX, masked as on the page, journaled."""
    found = _read(request)
    table = next((table for table in found.tables if table.slug == tableau), None)
    if table is None:
        raise Http404
    rows = [[None if cell == "–" else cell for cell in row] for row in table.lignes]
    exporte = write_export(Tableau(table.legende, table.colonnes, rows, largeurs=(28,)), format)
    record(
        Verbe.EXPORT,
        actor=current(request),
        objet="statistiques",
        details={"tableau": table.slug, "format": format, "lignes": exporte.lignes},
    )
    return export_response(exporte, f"statistiques-{table.slug}-{found.form.today}", format)
