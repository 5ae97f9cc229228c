"""Tables to take away: CSV and XLSX, written row by row so that their length costs no memory.

The rows are read while the file is written, inside the request's scope and transaction; what is sent afterwards is
the finished file, from a temporary one that has no name. Cells are typed: dates are dates, and a text that a
spreadsheet would run as a formula is made harmless.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol, cast

from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from xlsxwriter import Workbook

from portal.errors import DomainError
from portal.ui.text import thousands

MOST_ROWS = 100_000
IN_MEMORY = 1_000_000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Cell = str | int | float | date | datetime | None


class TooManyRows(DomainError):
    """More rows than a file holds."""


class Writer(Protocol):
    """Writes one row of cells."""

    def __call__(self, row: Sequence[Cell]) -> None: ...


@dataclass(frozen=True)
class Tableau:
    """A table to export.

    Attributes:
        titre: its title, the name of its sheet (31 characters at most are kept).
        colonnes: the words of its header.
        lignes: its rows, read once; cells in the order of the columns.
        largeurs: the width of each column in characters, 16 by default.
    """

    titre: str
    colonnes: Sequence[str]
    lignes: Iterable[Sequence[Cell]]
    largeurs: Sequence[int] = ()


@dataclass
class Exporte:
    """A finished file and how many rows it holds."""

    fichier: IO[bytes]
    lignes: int


def harmless(text: str) -> str:
    """A text no spreadsheet takes for a formula: one that begins like one gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_SIGNS) else text


def write_export(tableau: Tableau, format: str) -> Exporte:
    """Write a table as `csv` (UTF-8 with its mark, « ; ») or `xlsx`, now.

    Raises:
        KeyError: another format.
        TooManyRows: more than 100,000 rows.
    """
    writer = {"csv": _write_csv, "xlsx": _write_xlsx}[format]
    fichier = cast(IO[bytes], SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 closed by who sends it
    try:
        count = writer(tableau, fichier)
    except BaseException:
        fichier.close()
        raise
    fichier.seek(0)
    return Exporte(fichier, count)


def export_response(exporte: Exporte, name: str, format: str) -> StreamingHttpResponse:
    """Send a finished file, called `name`.`format`; the browser and proxies keep nothing of it."""
    response = FileResponse(exporte.fichier, content_type=FORMATS[format])
    disposition = content_disposition_header(True, f"{name}.{format}")
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _counted(rows: Iterable[Sequence[Cell]]) -> Iterator[tuple[int, Sequence[Cell]]]:
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise TooManyRows(
                f"L’export s’arrête à {thousands(MOST_ROWS)} lignes\u00a0: choisissez une période "
                "plus courte ou un filtre.",
                code="export_trop_long",
            )
        yield number, row


def _write_csv(tableau: Tableau, fichier: IO[bytes]) -> int:
    text = io.TextIOWrapper(fichier, encoding="utf-8", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(label) for label in tableau.colonnes])
    rows = 0
    for number, row in _counted(tableau.lignes):
        writer.writerow([_as_text(cell) for cell in row])
        rows = number
    text.detach()
    return rows


def _as_text(cell: Cell) -> str | int:
    """A cell as a French spreadsheet reads it: 24/12/2026 14:05, 12,5."""
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell)
        case float():
            return f"{cell:g}".replace(".", ",")
        case datetime():
            return f"{localtime(cell):%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
    return cell


def _write_xlsx(tableau: Tableau, fichier: IO[bytes]) -> int:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
    }
    book = Workbook(fichier, options)
    try:
        return _fill(book, tableau)
    finally:
        book.close()


def _fill(book: Any, tableau: Tableau) -> int:
    book.set_properties({"title": tableau.titre, "author": "", "company": ""})
    sheet = book.add_worksheet(_sheet_name(tableau.titre))
    bold = book.add_format({"bold": True, "bottom": 1})
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.freeze_panes(1, 0)
    for place, label in enumerate(tableau.colonnes):
        sheet.set_column(place, place, tableau.largeurs[place] if place < len(tableau.largeurs) else 16)
        sheet.write_string(0, place, harmless(label), bold)
    rows = 0
    for number, row in _counted(tableau.lignes):
        for place, cell in enumerate(row):
            _write_cell(sheet, number, place, cell, moment)
        rows = number
    sheet.autofilter(0, 0, rows, len(tableau.colonnes) - 1)
    return rows


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, moment: Any) -> None:
    match cell:
        case None | "":
            pass
        case str():
            sheet.write_string(row, place, harmless(cell))
        case datetime():
            sheet.write_datetime(row, place, localtime(cell).replace(tzinfo=None), moment)
        case date():
            sheet.write_datetime(row, place, cell)
        case _:
            sheet.write_number(row, place, cell)


def _sheet_name(title: str) -> str:
    """A title without what a sheet may not be called."""
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip("' ")
    return plain[:31] or "Export"
