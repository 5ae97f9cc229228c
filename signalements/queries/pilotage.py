"""The workload of a caisse: by agent, unassigned, late. Always the same number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from accounts.memberships import Membership
from accounts.models import Utilisateur
from caisses.models import Caisse
from signalements.enums import STATUTS_OUVERTS, Statut
from signalements.models import Demande
from signalements.queries.file_caisse import DEADLINE_ORDER, at_the_caisse, due_soon, late, with_line

SHOWN = 50


@dataclass(frozen=True)
class Charge:
    """What one person has: everything open, what waits for the structure, late, due soon."""

    agent: Utilisateur | None
    ouvertes: int = 0
    en_attente: int = 0
    en_retard: int = 0
    proches: int = 0
    urgentes: int = 0


def workload(membership: Membership, caisse: Caisse, agents: Iterable[Utilisateur]) -> list[Charge]:
    """The open demandes of each agent, those of nobody first; one query whatever their number.

    Accounts that hold demandes and are no longer of the staff are listed too.
    """
    today = caisse.today()
    rows = (
        Demande.objects.visible_to(membership)
        .filter(statut__in=sorted(STATUTS_OUVERTS))
        .order_by()
        .values("assignee_a", "assignee_a__nom", "assignee_a__prenom")
        .annotate(
            ouvertes=Count("pk"),
            en_attente=Count("pk", filter=Q(statut=Statut.A_COMPLETER)),
            en_retard=Count("pk", filter=late(today)),
            proches=Count("pk", filter=due_soon(today, today + timedelta(days=caisse.seuil_proche))),
            urgentes=Count("pk", filter=at_the_caisse() & Q(urgente=True)),
        )
    )
    counts: dict[int | None, dict[str, Any]] = {row["assignee_a"]: dict(row) for row in rows}
    people: dict[int | None, Utilisateur | None] = {None: None, **{agent.pk: agent for agent in agents}}
    for pk, row in counts.items():
        if pk not in people:
            people[pk] = Utilisateur(pk=pk, nom=row["assignee_a__nom"], prenom=row["assignee_a__prenom"])
    return [_charge(agent, counts.get(pk, {})) for pk, agent in people.items()]


def _charge(agent: Utilisateur | None, row: dict[str, Any]) -> Charge:
    names = ("ouvertes", "en_attente", "en_retard", "proches", "urgentes")
    return Charge(agent, **{name: row.get(name, 0) for name in names})


def to_reassign(membership: Membership, caisse: Caisse, quoi: str) -> list[Demande]:
    """The first fifty demandes of a list of the superviseur, in deadline order.

    `quoi`: « en-retard », « sans-agent », or the id of an agent.
    """
    rows = Demande.objects.visible_to(membership)
    today = caisse.today()
    if quoi == "sans-agent":
        rows = rows.filter(at_the_caisse(), assignee_a__isnull=True)
    elif quoi.isascii() and quoi.isdigit() and len(quoi) < 19:
        rows = rows.filter(statut__in=sorted(STATUTS_OUVERTS), assignee_a_id=int(quoi))
    else:
        rows = rows.filter(late(today))
    return list(with_line(rows).order_by(*DEADLINE_ORDER)[:SHOWN])
