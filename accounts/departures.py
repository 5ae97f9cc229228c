"""What an account leaves behind when it is closed, and who takes it over.

The rooms that hold work of an account register here; `accounts` knows nothing of what it is. Counts only: the
gestionnaire who closes an account sees no demande.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Utilisateur
from portal.audit.journal import Actor

Activite = dict[int, dict[str, int]]


@dataclass(frozen=True)
class Charge:
    """How much an account holds: demandes under way, drafts, demandes it follows."""

    demandes: int = 0
    brouillons: int = 0
    suivies: int = 0

    def __bool__(self) -> bool:
        return bool(self.demandes or self.brouillons or self.suivies)


@dataclass(frozen=True)
class Portefeuille:
    """What a room does at the departure of an account.

    Attributes:
        count: what the account holds.
        count_each: what each account of a structure holds, by id, in as many queries for one as for a hundred.
        activity: how many demandes each account of a structure sent since a moment, by label of the service.
        hand_over: pass it on to a colleague, or leave it to the structure (None), in the transaction of the closing.
        give_back: the account is reactivated: what nobody took over is its own again.
        holders: which of many accounts hold anything, by their ids.
    """

    count: Callable[[Utilisateur], Charge]
    hand_over: Callable[[Actor, Utilisateur, Utilisateur | None], Charge]
    give_back: Callable[[Utilisateur], None]
    holders: Callable[[Collection[int]], set[int]]
    count_each: Callable[[int, Collection[int]], dict[int, Charge]]
    activity: Callable[[int, datetime], Activite]


_registered: list[Portefeuille] = []


def register(portefeuille: Portefeuille) -> None:
    """Add what a room does; called once, when its app is ready."""
    _registered.append(portefeuille)


def charge_of(user: Utilisateur) -> Charge:
    """What an account holds."""
    return _total([held.count(user) for held in _registered])


def holders(accounts: Collection[int]) -> set[int]:
    """Those of these accounts (ids) that hold anything."""
    return {pk for held in _registered for pk in held.holders(accounts)}


def charges_of(partenaire_id: int, ids: Collection[int]) -> dict[int, Charge]:
    """What each of these accounts of a structure holds; those that hold nothing have an empty charge."""
    found = [held.count_each(partenaire_id, ids) for held in _registered]
    return {pk: _total([charges.get(pk, Charge()) for charges in found]) for pk in ids}


def activity_of(partenaire_id: int, since: datetime) -> Activite:
    """How many demandes each account of a structure sent since then, by service: numbers and nothing else."""
    total: Activite = {}
    for held in _registered:
        for pk, services in held.activity(partenaire_id, since).items():
            mine = total.setdefault(pk, {})
            for service, number in services.items():
                mine[service] = mine.get(service, 0) + number
    return total


def hand_over(actor: Actor, user: Utilisateur, successeur: Utilisateur | None) -> Charge:
    """Pass everything on; returns what was passed."""
    return _total([held.hand_over(actor, user, successeur) for held in _registered])


def give_back(user: Utilisateur) -> None:
    """Give back what nobody took over."""
    for held in _registered:
        held.give_back(user)


def _total(charges: list[Charge]) -> Charge:
    return Charge(
        sum(charge.demandes for charge in charges),
        sum(charge.brouillons for charge in charges),
        sum(charge.suivies for charge in charges),
    )
