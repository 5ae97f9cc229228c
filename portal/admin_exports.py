"""Taking away what a list of the admin shows: the same rows, the same columns, as CSV or XLSX, journaled."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import IGNORED_PARAMS, ChangeList
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.html import strip_tags

from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.exports import FORMATS, Cell, Tableau, TooManyRows, export_response, write_export

PARAMETER = "export"
CHUNK = 2_000


def asked_format(request: HttpRequest) -> str:
    """The format of the file asked for; empty when the address asks for the list itself."""
    asked = request.GET.get(PARAMETER, "")
    return asked if asked in FORMATS else ""


def export_links(request: HttpRequest) -> list[tuple[str, str]]:
    """The words and the address of each format, with the search and the filters of the page."""
    found = []
    for format in FORMATS:
        query = _without_export(request)
        query.pop("p", None)
        query[PARAMETER] = format
        found.append((f"Exporter ({format.upper()})", f"?{query.urlencode()}"))
    return found


def export_list(request: HttpRequest, model_admin: "ModelAdmin[Any]", format: str) -> HttpResponseBase:
    """Write the list as this administrator sees it with these filters, all its pages; too long, say so on the list."""
    request.GET = _without_export(request)  # type: ignore[assignment]
    listed: ChangeList = model_admin.get_changelist_instance(request)
    columns = [name for name in listed.list_display if name != "action_checkbox"]
    title = str(model_admin.opts.verbose_name_plural)
    labels = [_label(name, model_admin) for name in columns]
    rows = (cells_of(row, columns, model_admin) for row in _rows(listed))
    try:
        exported = write_export(Tableau(title[:1].upper() + title[1:], labels, rows), format)
    except TooManyRows as error:
        messages.error(request, error.message)
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    record(
        Verbe.EXPORT,
        actor=request.membership,  # type: ignore[attr-defined]
        objet=str(model_admin.opts.model_name),
        details={
            "format": format,
            "lignes": exported.lignes,
            "filtres": sorted(key for key in request.GET if key not in IGNORED_PARAMS),
        },
    )
    return export_response(exported, f"{model_admin.opts.model_name}-{clock.today()}", format)


def cells_of(row: Any, columns: list[Any], model_admin: "ModelAdmin[Any]") -> list[Cell]:
    """The cells of a row as its line shows them, typed where a spreadsheet can use it."""
    return [_cell(name, row, model_admin) for name in columns]


def _rows(listed: ChangeList) -> Iterator[Any]:
    return listed.queryset.iterator(chunk_size=CHUNK)


def _without_export(request: HttpRequest) -> QueryDict:
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    return query


def _label(name: Any, model_admin: "ModelAdmin[Any]") -> str:
    label = str(label_for_field(name, model_admin.model, model_admin=model_admin))
    return label[:1].upper() + label[1:]


def _cell(name: Any, row: Any, model_admin: "ModelAdmin[Any]") -> Cell:
    try:
        field, _, value = lookup_field(name, row, model_admin)
    except ObjectDoesNotExist:
        return None
    if field is not None and getattr(field, "flatchoices", None):
        value = dict(field.flatchoices).get(value, value)
    match value:
        case bool():
            return "Oui" if value else "Non"
        case None | int() | float() | datetime() | date():
            return value
    text = strip_tags(str(value)).strip()
    return None if text == "–" else text
