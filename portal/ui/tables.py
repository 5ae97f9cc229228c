"""Header cells of a table: words, sort links and what they mean to a screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
