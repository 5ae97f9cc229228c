"""The roll-up of the statistics and the usual delays, in statements over all caisses.

What happened is a log (`Passage`): a month is counted again from it as a whole, so the sweep may run twice, late or
after a failure. What is not rolled up yet is read live, so that being late costs time and no accuracy.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from caisses.models import Caisse
from portal import clock
from signalements.enums import Cote, Statut
from signalements.models import StatistiqueArretee
from signalements.statistics_sql import COLUMNS, counting, month_of

GRACE = timedelta(hours=1)
"""A day is counted once it has been over for that long: nothing that began before midnight is still unsaved."""
USUAL_DAYS = 90
USUAL_CASES = 10

_LIMITS = """limites AS (
    SELECT * FROM unnest(%(caisses)s::bigint[], %(debuts)s::timestamptz[], %(fins)s::timestamptz[])
        AS l(caisse_id, debut, fin)
)"""
_FACTS = f"""faits AS (
    SELECT p.caisse_id, p.partenaire_id, d.fonction, {month_of("p.le", "c.fuseau")} AS mois, d.urgente, p.de, p.vers,
        p.dans_delai, p.jours_bruts, p.jours_nets
    FROM signalements_passage p JOIN limites l USING (caisse_id) JOIN caisses_caisse c ON c.id = p.caisse_id
    JOIN signalements_demande d ON d.id = p.demande_id
    WHERE p.le >= l.debut AND p.le < l.fin AND p.le >= %(debut)s AND p.le < %(fin)s
)"""
_ITEMS = f"""elements AS (
    SELECT e.caisse_id, e.partenaire_id, d.fonction, {month_of("k.demande_le", "c.fuseau")} AS mois, e.raison_id
    FROM signalements_complement k JOIN limites l USING (caisse_id) JOIN caisses_caisse c ON c.id = k.caisse_id
    JOIN signalements_elementcomplement e ON e.complement_id = k.id
    JOIN signalements_demande d ON d.id = k.demande_id
    WHERE k.demande_le >= l.debut AND k.demande_le < l.fin
)"""
_VALUES = ", ".join("nullif(partenaire_id, 0)" if name == "partenaire_id" else name for name in COLUMNS)
_COUNT = f"""WITH {", ".join([_LIMITS, _FACTS, _ITEMS, *counting(totals=True)])}
INSERT INTO signalements_statistiquemensuelle ({", ".join(COLUMNS)}) SELECT {_VALUES} FROM comptes"""
_CLEAR = """DELETE FROM signalements_statistiquemensuelle
WHERE caisse_id = ANY(%(caisses)s) AND mois = %(mois)s"""


@dataclass(frozen=True)
class _Late:
    """A caisse whose statistics are behind: counted up to `jusqua`, to be counted up to `jour` (both excluded)."""

    caisse: Caisse
    jusqua: date
    jour: date

    @property
    def month(self) -> date:
        return self.jusqua.replace(day=1)

    @property
    def end(self) -> date:
        """The first day that is not counted this time."""
        return min(_next_month(self.month), self.jour)

    def moment(self, day: date) -> datetime:
        """The first moment of a day there."""
        return datetime.combine(day, time.min, tzinfo=ZoneInfo(self.caisse.fuseau))


def roll_up_month() -> int:
    """Count the oldest month that is behind, for every caisse where it is; 1, or 0 when nothing is behind."""
    behind = _behind()
    if not behind:
        return 0
    month = min(late.month for late in behind)
    chosen = [late for late in behind if late.month == month]
    starts, ends = (
        [late.moment(day(late)) for late in chosen] for day in (lambda x: x.month, lambda x: x.end)
    )
    values: dict[str, Any] = {
        "caisses": [late.caisse.pk for late in chosen],
        "mois": month,
        "debuts": starts,
        "fins": ends,
        "debut": min(starts),
        "fin": max(ends),
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, values)
        cursor.execute(_COUNT, values)
    StatistiqueArretee.objects.bulk_create(
        [StatistiqueArretee(caisse=late.caisse, jusqua=late.end) for late in chosen],
        update_conflicts=True,
        unique_fields=["caisse"],
        update_fields=["jusqua"],
    )
    return 1


def _behind() -> list[_Late]:
    known = dict(StatistiqueArretee.objects.values_list("caisse_id", "jusqua"))
    caisses = list(Caisse.objects.filter(active=True).only("fuseau").order_by("pk"))
    first: dict[int, datetime] = {}
    if any(caisse.pk not in known for caisse in caisses):
        first = _first_moments()
    found = []
    for caisse in caisses:
        day = clock.local_date(clock.now() - GRACE, caisse.fuseau)
        begun = first.get(caisse.pk)
        unknown = clock.local_date(begun, caisse.fuseau) if begun else day - timedelta(days=1)
        late = _Late(caisse, known.get(caisse.pk, unknown), day)
        if late.jusqua < day:
            found.append(late)
    return found


def _first_moments() -> dict[int, datetime]:
    """When something happened first at each caisse: asked once in the life of a caisse."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT caisse_id, min(le) FROM signalements_passage GROUP BY caisse_id")
        return dict(cursor.fetchall())


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


_USUAL = f"""
WITH mesures AS (
    SELECT p.caisse_id, d.fonction, percentile_disc(0.5) WITHIN GROUP (ORDER BY p.jours_bruts) AS jours, count(*) AS cas
    FROM signalements_passage p JOIN signalements_demande d ON d.id = p.demande_id
    WHERE p.le >= %(debut)s AND p.le <= %(now)s AND p.vers = '{Statut.TRAITEE}' AND p.cote = '{Cote.CAISSE}'
        AND p.jours_bruts IS NOT NULL
    GROUP BY p.caisse_id, d.fonction HAVING count(*) >= {USUAL_CASES}
),
ecrits AS (
    INSERT INTO signalements_delaihabituel AS h (caisse_id, fonction, jours, cas)
    SELECT caisse_id, fonction, jours, cas FROM mesures
    ON CONFLICT (caisse_id, fonction) DO UPDATE SET jours = EXCLUDED.jours, cas = EXCLUDED.cas
    WHERE (h.jours, h.cas) IS DISTINCT FROM (EXCLUDED.jours, EXCLUDED.cas)
    RETURNING 1
),
retires AS (
    DELETE FROM signalements_delaihabituel h
    WHERE NOT EXISTS (SELECT 1 FROM mesures m WHERE (m.caisse_id, m.fonction) = (h.caisse_id, h.fonction))
    RETURNING 1
)
SELECT (SELECT count(*) FROM ecrits) + (SELECT count(*) FROM retires)
"""


def measure_usual_delays() -> int:
    """Write the usual delays again; how many changed.

    The median of the calendar days from the sending to a decision of the caisse, over the last 90 days, for each
    caisse and kind with ten decisions at least.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_USUAL, {"now": now, "debut": now - timedelta(days=USUAL_DAYS)})
        changed: int = cursor.fetchone()[0]
    return changed
