"""The workload of a caisse: by agent and team, unassigned, late. Always the same number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db import connection

from accounts.models import Utilisateur
from caisses.models import Caisse
from portal import clock
from portal.compiled import CompiledQuery, Slot
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, STATUTS_OUVERTS, Statut
from signalements.models import Demande
from signalements.queries.file_caisse import DEADLINE_ORDER, at_the_caisse, late
from signalements.queries.lignes import agent_name, structure_name
from signalements.querysets import LINE_FIELDS, RANG

SHOWN = 25


@dataclass(frozen=True)
class Charge:
    """What one person or one team has: everything open, what waits for the structure, late, due soon.

    Without agent nor team: what is nobody's, or no team's.
    """

    agent: Utilisateur | None = None
    equipe: str = ""
    ouvertes: int = 0
    en_attente: int = 0
    en_retard: int = 0
    proches: int = 0
    urgentes: int = 0


@dataclass(frozen=True)
class Ouvertes:
    """What is open now: all, past the deadline, close to it, waiting for the structure, nobody's."""

    ouvertes: int = 0
    en_retard: int = 0
    proches: int = 0
    en_attente: int = 0
    sans_agent: int = 0


# By hand, and read from the index `demande_charge` alone: every word of it stands there. The same conditions as
# `late` and `due_soon`.
_AT_THE_CAISSE = ", ".join(f"'{statut}'" for statut in sorted(STATUTS_CHEZ_LA_CAISSE))
_OPEN = ", ".join(f"'{statut}'" for statut in sorted(STATUTS_OUVERTS))
_RUNNING = f"d.statut IN ({_AT_THE_CAISSE}) AND d.promesse_tenue_le IS NULL"
_COUNTS = {
    "ouvertes": "count(*)",
    "en_attente": f"count(*) FILTER (WHERE d.statut = '{Statut.A_COMPLETER}')",
    "en_retard": f"count(*) FILTER (WHERE {_RUNNING} AND d.echeance < %(jour)s)",
    "proches": f"count(*) FILTER (WHERE {_RUNNING} AND d.echeance BETWEEN %(jour)s AND %(proche)s)",
    "urgentes": f"count(*) FILTER (WHERE d.statut IN ({_AT_THE_CAISSE}) AND d.urgente)",
    "sans_agent": "count(*) FILTER (WHERE d.assignee_a_id IS NULL)",
}
_ROWS = f"""FROM signalements_demande d
WHERE d.caisse_id = %(caisse)s AND d.statut IN ({_OPEN}) AND d.envoyee_le <= %(maintenant)s"""
_OF_EACH = ("ouvertes", "en_attente", "en_retard", "proches", "urgentes")
# Names are looked up for the few rows of the answer: a join would read every account first.
_WORKLOAD = f"""SELECT g.*, (SELECT u.nom FROM accounts_utilisateur u WHERE u.id = g.assignee_a_id) AS nom,
    (SELECT u.prenom FROM accounts_utilisateur u WHERE u.id = g.assignee_a_id) AS prenom,
    (SELECT e.nom FROM caisses_equipe e WHERE e.id = g.equipe_id) AS equipe
FROM (
    SELECT d.assignee_a_id, d.equipe_id, {", ".join(f"{_COUNTS[name]} AS {name}" for name in _OF_EACH)} {_ROWS}
    GROUP BY d.assignee_a_id, d.equipe_id
) g ORDER BY equipe"""  # noqa: S608 constants of this module
_NOW_NAMES = ("ouvertes", "en_retard", "proches", "en_attente", "sans_agent")
_ROLLED_UP_TO = "(SELECT a.jusqua FROM signalements_statistiquearretee a WHERE a.caisse_id = %(caisse)s)"
_NOW = f"SELECT {_ROLLED_UP_TO}, {', '.join(_COUNTS[name] for name in _NOW_NAMES)} {_ROWS}"


def _values(caisse: Caisse) -> dict[str, Any]:
    today = caisse.today()
    return {
        "caisse": caisse.pk,
        "jour": today,
        "proche": today + timedelta(days=caisse.seuil_proche),
        "maintenant": clock.now(),
    }


def open_now(caisse: Caisse, structure: int | None = None, service: str = "") -> tuple[Ouvertes, date | None]:
    """What is open now at a caisse, of one structure or all, of one kind or all.

    And the first day its statistics have not rolled up yet, if the sweep ever ran: both in one query.
    """
    statement = _NOW
    if structure:
        statement += " AND d.partenaire_id = %(structure)s"
    if service:
        statement += " AND d.fonction = %(service)s"
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_values(caisse), "structure": structure, "service": service})
        since, *counts = cursor.fetchone()
    return Ouvertes(*counts), since


def workload(caisse: Caisse, agents: Iterable[Utilisateur]) -> tuple[list[Charge], list[Charge]]:
    """The open demandes of each agent, those of nobody first, and of each team; one query whatever their number.

    Accounts that hold demandes and are no longer of the staff are listed too. No team: an empty second list.
    """
    people: dict[int | None, Utilisateur | None] = {None: None, **{agent.pk: agent for agent in agents}}
    by_agent: dict[int | None, Counter[str]] = {}
    by_team: dict[str, Counter[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WORKLOAD, _values(caisse))
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        pk = row["assignee_a_id"]
        if pk not in people:
            people[pk] = Utilisateur(pk=pk, nom=row["nom"], prenom=row["prenom"])
        counts = {name: row[name] for name in _OF_EACH}
        by_agent.setdefault(pk, Counter()).update(counts)
        by_team.setdefault(row["equipe"] or "", Counter()).update(counts)
    persons = [_charge(agent, "", by_agent.get(pk, Counter())) for pk, agent in people.items()]
    teams = [_charge(None, name, counts) for name, counts in by_team.items()]
    return persons, teams if set(by_team) - {""} else []


def _charge(agent: Utilisateur | None, equipe: str, counts: Counter[str]) -> Charge:
    return Charge(agent, equipe, *(counts[name] for name in _OF_EACH))


def to_reassign(caisse: Caisse, quoi: str) -> list[Demande]:
    """The first 25 demandes of a list of the superviseur, in deadline order, with what its lines show: one query.

    `quoi`: « en-retard », « sans-agent », or the id of an agent.
    """
    agent = int(quoi) if quoi.isascii() and quoi.isdigit() and len(quoi) < 19 else None
    query = _reassignable(AGENT if agent else quoi)
    return query.all(caisse=caisse.pk, maintenant=clock.now(), jour=caisse.today(), agent=agent)


AGENT = "agent"


@cache
def _reassignable(quoi: str) -> CompiledQuery[Demande]:
    return CompiledQuery(lambda: _reassignable_rows(quoi))


def _reassignable_rows(quoi: str) -> Any:
    rows = Demande.objects.filter(caisse=Slot("caisse"), envoyee_le__lte=Slot("maintenant"))
    if quoi == "sans-agent":
        rows = rows.filter(at_the_caisse(), assignee_a__isnull=True)
    elif quoi == AGENT:
        rows = rows.filter(statut__in=sorted(STATUTS_OUVERTS), assignee_a=Slot("agent"))
    else:
        rows = rows.filter(late(Slot("jour")))
    rows = rows.only(*LINE_FIELDS, "assignee_a_id").annotate(
        rang=RANG, structure=structure_name(), agent=agent_name()
    )
    return rows.order_by(*DEADLINE_ORDER)[:SHOWN]
