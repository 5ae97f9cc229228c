"""Search in the demandes of a caisse or a structure: a reference, a birth date, names in any order, or both.

By prefix on normalised columns: trigram and full-text operators cannot use an index under row-level security.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.memberships import Membership
from portal.counts import COUNT_LIMIT
from portal.reference import normalise_reference
from portal.text import search_key
from signalements.models import Demande, Personne
from signalements.querysets import DemandeQuerySet

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


def search_demandes(membership: Membership, recherche: Recherche) -> DemandeQuerySet:
    """The demandes this membership may see that match, unsorted; at most 1,001 persons are looked at."""
    return Demande.objects.visible_to(membership).filter(matching(membership, recherche))


def matching(membership: Membership, recherche: Recherche) -> Q:
    """What a search keeps, on rows that belong to this membership's side; at most 1,001 persons are looked at."""
    if recherche.reference:
        return Q(reference=recherche.reference)
    if recherche.vide:
        return Q(pk__in=[])
    persons = Personne.objects.filter(_person(recherche))
    if membership.partenaire is not None:
        persons = persons.filter(partenaire=membership.partenaire)
    else:
        persons = persons.filter(caisse=membership.caisse)
    return Q(pk__in=persons.order_by().values("demande_id")[:COUNT_LIMIT])


def _person(recherche: Recherche) -> Q:
    condition = Q()
    if recherche.naissance:
        condition &= Q(naissance=recherche.naissance)
    if recherche.mots:
        condition &= _names(recherche.mots)
    return condition


def _names(words: tuple[str, ...]) -> Q:
    """Names in any order: every way to cut the words into a name and a first name, either first."""
    whole = "".join(words)
    condition = _prefix("nom_recherche", whole) | _prefix("nom_usage_recherche", whole)
    condition |= _prefix("prenom_recherche", whole)
    for cut in range(1, len(words)):
        first, second = "".join(words[:cut]), "".join(words[cut:])
        for name, first_name in ((first, second), (second, first)):
            given = _prefix("prenom_recherche", first_name)
            condition |= _prefix("nom_recherche", name) & given
            condition |= _prefix("nom_usage_recherche", name) & given
    return condition


def _prefix(column: str, start: str) -> Q:
    """`column` begins with `start`, as a range: its collation is « C » and keys hold a-z and 0-9 only."""
    bounds: dict[str, Any] = {f"{column}__gte": start, f"{column}__lt": start[:-1] + chr(ord(start[-1]) + 1)}
    return Q(**bounds)
