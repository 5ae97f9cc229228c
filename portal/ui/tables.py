"""Header cells of a table: words, sort links and what they mean to a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `sort_url` makes its heading a link, `direction` is ascending or descending if sorted."""

    label: str
    sort_url: str = ""
    direction: str = ""
    hidden: bool = False
    css: str = ""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A column as its template draws it."""

    column: Column
    aria_sort: str
    icon: str
    next_order: str


def header_cells(columns: Sequence[Column | str]) -> list[HeaderCell]:
    """Return the header cells of `columns`; a plain string is a column that does not sort."""
    cells = []
    for item in columns:
        column = Column(item) if isinstance(item, str) else item
        icon = {"ascending": "chevron-haut", "descending": "chevron-bas"}.get(column.direction, "tri")
        following = "décroissant" if column.direction == "ascending" else "croissant"
        cells.append(HeaderCell(column, column.direction, icon, following))
    return cells


def plain_rows(columns: Sequence[Column | str], rows: Sequence[Sequence[Any]]) -> SafeString:
    """Return the rows of a table of words and numbers, its first column being their heading.

    Without a template: a page of statistics has hundreds of cells. Safe strings stay as they are.
    """
    labels = [_escaped(column if isinstance(column, str) else column.label) for column in columns]
    drawn = []
    for row in rows:
        head, *cells = map(_escaped, row)
        drawn.append(f'<tr><th scope="row" data-label="{labels[0]}">{head}</th>')
        drawn += [
            f'<td class="ep-num" data-label="{label}">{cell}</td>'
            for label, cell in zip(labels[1:], cells, strict=True)
        ]
        drawn.append("</tr>")
    return SafeString("".join(drawn))


def _escaped(cell: Any) -> str:
    """A word, a number or a safe string; Django's own way costs as much as the rest of the cell."""
    if isinstance(cell, SafeString):
        return cell
    return escape(cell) if isinstance(cell, str) else str(cell)
