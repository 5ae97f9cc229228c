"""What the statistics of a caisse read: the roll-up of past days, and what happened since, live.

Four queries, whatever the period, the number of structures and the number of demandes.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache as shared_cache
from django.db import connection

from caisses.models import Caisse, Motif
from portal import clock
from portal.percentiles import add_histogram, percentile
from signalements.queries.pilotage import Ouvertes, open_now
from signalements.statistics_sql import COUNTS, HISTOGRAMS, counting, month_of

NAMES_SECONDS = 30
_LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True)
class Periode:
    """Whole months: from the first day of the first to the first day after the last."""

    debut: date
    fin: date

    @property
    def mois(self) -> list[date]:
        """The first day of each month."""
        found, month = [], self.debut
        while month < self.fin:
            found.append(month)
            month = next_month(month)
        return found


@dataclass(frozen=True)
class Champ:
    """What is counted: a period, all structures or one, all kinds or one."""

    periode: Periode
    structure: int | None = None
    service: str = ""


@dataclass
class Mesures:
    """Counts that add up: of a month, a kind, a structure, a period. They come in the order of COUNTS.

    Only a month and the period have histograms.
    """

    recues: int = 0
    urgentes: int = 0
    entrees: int = 0
    sorties: int = 0
    decidees: int = 0
    jugees: int = 0
    tenues: int = 0
    retours: int = 0
    mesurees: int = 0
    jours_bruts: int = 0
    jours_nets: int = 0
    bruts: dict[int, int] = field(default_factory=dict)
    nets: dict[int, int] = field(default_factory=dict)
    raisons: dict[int, int] = field(default_factory=dict)

    def add(self, row: Mapping[str, Any], *, histograms: bool = False) -> None:
        """Count a row in, or other counts as a row."""
        own = self.__dict__
        for name in COUNTS:
            own[name] += row[name]
        if histograms:
            for name in HISTOGRAMS:
                if row[name]:
                    add_histogram(own[name], row[name])

    @property
    def moyenne_brute(self) -> float | None:
        """Mean calendar days from the sending to the decision."""
        return self.jours_bruts / self.mesurees if self.mesurees else None

    @property
    def moyenne_nette(self) -> float | None:
        """The same without the days spent waiting for the structure."""
        return self.jours_nets / self.mesurees if self.mesurees else None

    def brut(self, share: int) -> int | None:
        """A percentile of the calendar days from the sending to the decision."""
        return percentile(self.bruts, share)

    def net(self, share: int) -> int | None:
        """The same without the days spent waiting for the structure."""
        return percentile(self.nets, share)


@dataclass(frozen=True)
class Lecture:
    """The statistics of a caisse for what is asked.

    `stock` is how many demandes were open at the end of each month (now, for the current one).
    """

    par_mois: dict[date, Mesures]
    par_service: dict[str, Mesures]
    par_structure: dict[int, Mesures]
    ensemble: Mesures
    stock: dict[date, int]
    maintenant: Ouvertes


def read_statistics(caisse: Caisse, champ: Champ) -> Lecture:
    """Read the statistics of a caisse."""
    now, rolled_up_to = open_now(caisse, champ.structure, champ.service)
    since = datetime.combine(rolled_up_to or _LONG_AGO, time.min, tzinfo=ZoneInfo(caisse.fuseau))
    live = _live(caisse, since)
    months = {month: Mesures() for month in champ.periode.mois}
    services: dict[str, Mesures] = {}
    whole = Mesures()
    after: Counter[date] = Counter()
    for row in [*_rolled_up(caisse, champ), *_of_structure(live, champ)]:
        if champ.service and row["fonction"] != champ.service:
            continue
        after[row["mois"]] += row["entrees"] - row["sorties"]
        if row["mois"] in months:
            months[row["mois"]].add(row, histograms=True)
            services.setdefault(row["fonction"], Mesures()).add(row)
    for month in months.values():
        whole.add(vars(month), histograms=True)
    return Lecture(
        months, services, _structures(caisse, champ, live), whole, _stock(champ, now.ouvertes, after), now
    )


def _rows(statement: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        # A cursor of Django leaves JSON as text: its fields read it. Most are empty.
        for name in HISTOGRAMS:
            row[name] = json.loads(row[name]) if row[name] != "{}" else None
    return rows


_SUMMED = ", ".join(f"sum({name})::bigint" for name in COUNTS)
_MINE = "FROM signalements_statistiquemensuelle WHERE caisse_id = %(caisse)s AND mois >= %(debut)s"
_ROLLED_UP = f"SELECT mois, fonction, {', '.join([*COUNTS, *HISTOGRAMS])} {_MINE} AND partenaire_id"
_ROLLED_UP_ALL = f"{_ROLLED_UP} IS NULL"
_ROLLED_UP_ONE = f"{_ROLLED_UP} = %(structure)s"
_BY_STRUCTURE = (
    f"SELECT partenaire_id, {_SUMMED} {_MINE} AND mois < %(fin)s "
    "AND partenaire_id IS NOT NULL AND (%(service)s = '' OR fonction = %(service)s) GROUP BY partenaire_id"
)


def _rolled_up(caisse: Caisse, champ: Champ) -> list[dict[str, Any]]:
    """A row per month and kind, from the first month asked until now."""
    values = {"caisse": caisse.pk, "debut": champ.periode.debut, "structure": champ.structure}
    return _rows(_ROLLED_UP_ONE if champ.structure else _ROLLED_UP_ALL, values)


def _structures(caisse: Caisse, champ: Champ, live: list[dict[str, Any]]) -> dict[int, Mesures]:
    """The counts of each structure over the period, without histograms; only when all are asked."""
    if champ.structure:
        return {}
    periode = champ.periode
    values: dict[str, Any] = {
        "caisse": caisse.pk,
        "debut": periode.debut,
        "fin": periode.fin,
        "service": champ.service,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_STRUCTURE, values)
        found = {structure: Mesures(*counts) for structure, *counts in cursor.fetchall()}
    for row in live:
        counted = not champ.service or row["fonction"] == champ.service
        if counted and periode.debut <= row["mois"] < periode.fin:
            found.setdefault(row["partenaire_id"], Mesures()).add(row)
    return found


def _of_structure(live: list[dict[str, Any]], champ: Champ) -> Iterable[dict[str, Any]]:
    return (row for row in live if not champ.structure or row["partenaire_id"] == champ.structure)


@cache
def _live_statement() -> str:
    """What changed since a moment at one caisse: whatever changed is among its latest demandes, by their index."""
    # A sending is in the log for the moment the caisse receives it, a few minutes after it was made.
    latest = (
        "d.caisse_id = %(caisse)s AND d.envoyee_le <= %(maintenant)s "
        "AND d.modifiee_le >= %(depuis)s - interval '1 hour'"
    )
    facts = f"""faits AS (
    SELECT p.caisse_id, p.partenaire_id, d.fonction, {month_of("p.le", "%(fuseau)s")} AS mois, d.urgente, p.de, p.vers,
        p.dans_delai, p.jours_bruts, p.jours_nets
    FROM signalements_demande d JOIN signalements_passage p ON p.demande_id = d.id AND p.le >= %(depuis)s
    WHERE {latest} AND p.caisse_id = %(caisse)s
)"""  # noqa: S608
    items = f"""elements AS (
    SELECT e.caisse_id, e.partenaire_id, d.fonction, {month_of("k.demande_le", "%(fuseau)s")} AS mois, e.raison_id
    FROM signalements_demande d
    JOIN signalements_complement k ON k.demande_id = d.id AND k.demande_le >= %(depuis)s
    JOIN signalements_elementcomplement e ON e.complement_id = k.id
    WHERE {latest} AND e.caisse_id = %(caisse)s
)"""  # noqa: S608
    return f"WITH {', '.join([facts, items, *counting(totals=False)])} SELECT * FROM comptes"  # noqa: S608


def _live(caisse: Caisse, since: datetime) -> list[dict[str, Any]]:
    """A row per structure, month and kind of what is not rolled up yet."""
    values = {"caisse": caisse.pk, "depuis": since, "fuseau": caisse.fuseau, "maintenant": clock.now()}
    with connection.cursor() as cursor:
        # Planning it takes four times as long as running it, and one plan suits every caisse and every moment.
        cursor.execute("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")
    return _rows(_live_statement(), values)


def _stock(champ: Champ, now: int, flows: Mapping[date, int]) -> dict[date, int]:
    """From what is open now, back month by month: less what came in since, plus what was closed."""
    found: dict[date, int] = {}
    for month in champ.periode.mois:
        found[month] = now - sum(change for later, change in flows.items() if later > month)
    return found


def next_month(month: date) -> date:
    """The first day of the following month."""
    return (month + timedelta(days=31)).replace(day=1)


def reason_labels(caisse: Caisse) -> dict[int, str]:
    """The words of every reason, by id, expired ones too; read again at most every 30 seconds."""
    key = f"raisons:{caisse.pk}"
    found: dict[int, str] | None = shared_cache.get(key)
    if found is None:
        found = dict(Motif.objects.for_caisse(caisse).order_by().values_list("pk", "libelle"))
        shared_cache.set(key, found, NAMES_SECONDS)
    return found
