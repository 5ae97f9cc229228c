"""What the end of a convention touches, and who says so.

The rooms above register what they hold of a convention (accounts, demandes); `partners` knows nothing of what it is.
Shown to the administrator before any end, word for word what will happen.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from partners.models import Convention

LONGEST_LIST = 200


@dataclass(frozen=True)
class Consequence:
    """One thing that the end of a convention does.

    Attributes:
        phrase: a whole sentence, with its number.
        nombre: how many things it touches.
        lignes: their names, for what the reader may know by name; at most LONGEST_LIST.
    """

    phrase: str
    nombre: int
    lignes: list[str] = field(default_factory=list)


Constat = Callable[[list[Convention], date], list[Consequence]]
_registered: list[Constat] = []


def register(constat: Constat) -> Constat:
    """Add what a room says of the end of conventions, whose last day is given; called once, when its app is ready."""
    _registered.append(constat)
    return constat


def consequences(convention: Convention, last_day: date) -> list[Consequence]:
    """Everything the end of a convention on `last_day` touches; that of a métier counts the utilisations it ends."""
    ended = ended_with(convention)
    return [found for constat in _registered for found in constat(ended, last_day)]


def ended_with(convention: Convention) -> list[Convention]:
    """The convention and those that lean on it and are not over: they end with it (art. 8.2-a)."""
    return [convention, *leaning_on(convention)]


def leaning_on(convention: Convention) -> list[Convention]:
    """The conventions d’utilisation that lean on a métier and are not over."""
    rows = convention.utilisations.not_over().select_related("caisse", "partenaire")
    return list(rows.order_by("pk"))
