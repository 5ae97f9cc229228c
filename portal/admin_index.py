"""What the index of the administration shows above its sections: figures at a glance, and what waits.

Each admin class says its own through `figures(request)` and `to_do(request)`; the index only gathers and orders.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple, TypeVar

from django.http import HttpRequest

from portal.ui.text import thousands

T = TypeVar("T")


class ToDo(NamedTuple):
    """Something that waits: a sentence, the page where it is done, and the day it is due if it has one."""

    phrase: str
    adresse: str
    jour: date | None = None


class Figure(NamedTuple):
    """A figure at a glance, and the list it counts.

    `valeur` and `sur` are counts (« 41 sur 60 »); `alerte` draws it as one to look at, `precision` says more under it.
    """

    libelle: str
    valeur: int
    adresse: str
    sur: int | None = None
    precision: str = ""
    alerte: bool = False

    @property
    def texte(self) -> str:
        """« 1 204 », « 41 sur 60 »."""
        shown = thousands(self.valeur)
        return shown if self.sur is None else f"{shown} sur {thousands(self.sur)}"


def once(request: HttpRequest, name: str, compute: Callable[[], T]) -> T:
    """What `compute` gives, computed once a request: a figure and a task often come from the same rows."""
    kept: dict[str, T] = request.__dict__.setdefault("_admin_index", {})
    if name not in kept:
        kept[name] = compute()
    return kept[name]


def by_urgency(waiting: Iterable[tuple[str, str] | ToDo]) -> list[ToDo]:
    """The most pressing first: by day, then what has none, each in the order it was given."""
    rows = [ToDo(*item) for item in waiting]
    return sorted(rows, key=lambda row: row.jour or date.max)
