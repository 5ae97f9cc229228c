"""Search in the demandes of a caisse or a structure: a reference, a birth date, names in any order, or both.

By prefix on normalised columns: trigram and full-text operators cannot use an index under row-level security.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Q

from portal.compiled import Slot
from portal.counts import COUNT_LIMIT
from portal.reference import normalise_reference
from portal.text import search_key
from signalements.enums import PrecisionNaissance
from signalements.models import Personne

SHORTEST = 2
MOST_WORDS = 5
_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")


@dataclass(frozen=True)
class Recherche:
    """What was asked: a reference, or names and a birth date."""

    reference: str = ""
    mots: tuple[str, ...] = ()
    naissance: date | None = None

    @property
    def critere(self) -> str:
        """What kind of search it is, for the journal (never what was typed)."""
        if self.reference:
            return "reference"
        parts = ["nom"] if self.mots else []
        return "+".join(parts + (["naissance"] if self.naissance else []))

    @property
    def vide(self) -> bool:
        """Whether nothing can be searched with it."""
        return not self.critere

    @property
    def forme(self) -> "Forme":
        """What its query depends on."""
        return Forme(bool(self.reference), len(self.mots), self.naissance is not None)

    def slots(self) -> dict[str, Any]:
        """What is searched, by name: the whole words and every way to cut them in two."""
        found: dict[str, Any] = {"reference": self.reference, "naissance": self.naissance}
        count = len(self.mots)
        for start, end in {
            (0, count),
            *((0, cut) for cut in range(1, count)),
            *((cut, count) for cut in range(1, count)),
        }:
            text = "".join(self.mots[start:end])
            if text:
                name = _words(start, end)
                found |= {name: text, f"{name}_fin": text[:-1] + chr(ord(text[-1]) + 1)}
        return found


@dataclass(frozen=True)
class Forme:
    """The shape of a search: whether a reference is asked, how many words, whether a birth date."""

    reference: bool
    mots: int
    naissance: bool


def read_search(text: str, today: date) -> Recherche:
    """Read what was typed: « dupont 12/03/84 », « Jean-Luc d'Été », « ep 251 7k3m2 42 »."""
    reference = normalise_reference(text)
    if reference:
        return Recherche(reference=reference)
    birth, rest = _take_date(text[:200], today)
    words = tuple(key for key in (search_key(word) for word in rest.split()) if key)[:MOST_WORDS]
    return Recherche(mots=words if len("".join(words)) >= SHORTEST else (), naissance=birth)


def _take_date(text: str, today: date) -> tuple[date | None, str]:
    for pattern, order in ((_ISO_DATE, (0, 1, 2)), (_DATE, (2, 1, 0))):
        match = pattern.search(text)
        if match is None:
            continue
        groups = match.groups()
        year, month, day = (int(groups[place]) for place in order)
        if year < 100:
            year += today.year // 100 * 100
            year -= 100 if year > today.year else 0
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        return found, text[: match.start()] + " " + text[match.end() :]
    return None, text


def search_words(personne: Personne) -> str:
    """What finds the other demandes of a person: name, first name, and the birth date when all of it is known."""
    known = personne.naissance_precision == PrecisionNaissance.JOUR
    words = [personne.nom_naissance, personne.prenom, f"{personne.naissance:%d/%m/%Y}" if known else ""]
    return " ".join(word for word in words if word)


def matching_names(text: str, names: list[tuple[int, str]], most: int) -> list[tuple[int, str]]:
    """Which of these names hold every word typed, accents, case and hyphens aside; none for a text too short."""
    words = [key for key in (search_key(word) for word in text[:200].split()) if key]
    if not any(len(word) > SHORTEST for word in words) or normalise_reference(text):
        return []
    found = ((pk, name) for pk, name in names if all(word in search_key(name) for word in words))
    return list(islice(found, most))


def matching(forme: Forme, side: str, value: Callable[[str], Any] = Slot) -> Q:
    """What a search of this shape keeps, among the rows of one side: « partenaire » or « caisse ».

    At most 1,001 persons are looked at. `value` gives the tenant of that side and what is searched, by the
    names of `Recherche.slots`; slots when the query is compiled once.
    """
    if forme.reference:
        return Q(reference=value("reference"))
    persons = Personne.objects.filter(_person(forme, value), **{side: value(side)})
    return Q(pk__in=persons.order_by().values("demande_id")[:COUNT_LIMIT])


def _person(forme: Forme, value: Callable[[str], Any]) -> Q:
    condition = Q()
    if forme.naissance:
        condition &= Q(naissance=value("naissance"))
    if forme.mots:
        condition &= _names(forme.mots, value)
    return condition


def _names(count: int, value: Callable[[str], Any]) -> Q:
    """Names in any order: every way to cut the words into a name and a first name, either first."""

    def prefix(column: str, words: str) -> Q:
        """`column` begins with these words, as a range: its collation is « C » and keys hold a-z and 0-9 only."""
        bounds: dict[str, Any] = {f"{column}__gte": value(words), f"{column}__lt": value(f"{words}_fin")}
        return Q(**bounds)

    whole = _words(0, count)
    condition = prefix("nom_recherche", whole) | prefix("nom_usage_recherche", whole)
    condition |= prefix("prenom_recherche", whole)
    for cut in range(1, count):
        first, second = _words(0, cut), _words(cut, count)
        for name, first_name in ((first, second), (second, first)):
            given = prefix("prenom_recherche", first_name)
            condition |= prefix("nom_recherche", name) & given
            condition |= prefix("nom_usage_recherche", name) & given
    return condition


def _words(start: int, end: int) -> str:
    """The name of what the words from `start` to `end` make together."""
    return f"mots_{start}_{end}"
