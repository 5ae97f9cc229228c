"""Jours ouvrés: Monday to Friday, without the public holidays of the caisse's zone nor its own closures.

The day of reception is day 0 and a delay of n jours ouvrés ends at the end of the n-th one after it
(Convention d'utilisation, art. 2.2.1). « Jours ouvrables » (Monday to Saturday) are another thing and are
used nowhere.

National holidays and those of Alsace-Moselle come from the `holidays` library. Overseas only the day of the
abolition of slavery (or the local day) is added here: the library also counts customary days (mi-carême,
Good Friday in the Antilles, Victor Schœlcher), which no law makes holidays and which each caisse keeps in
its own closures.
"""

from calendar import monthrange
from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from django.db import models
from holidays.countries import France

NO_CLOSURE: Final[frozenset[date]] = frozenset()
_ONE_DAY: Final = timedelta(days=1)


class ZoneFeries(models.TextChoices):
    """Where a caisse stands, as far as public holidays go."""

    METROPOLE = "METROPOLE", "Métropole"
    ALSACE_MOSELLE = "ALSACE_MOSELLE", "Alsace-Moselle"
    GUADELOUPE = "GUADELOUPE", "Guadeloupe"
    MARTINIQUE = "MARTINIQUE", "Martinique"
    GUYANE = "GUYANE", "Guyane"
    LA_REUNION = "LA_REUNION", "La Réunion"
    MAYOTTE = "MAYOTTE", "Mayotte"
    SAINT_MARTIN = "SAINT_MARTIN", "Saint-Martin"
    SAINT_BARTHELEMY = "SAINT_BARTHELEMY", "Saint-Barthélemy"


_LOCAL_DAY: Final[dict[str, tuple[int, int]]] = {
    ZoneFeries.GUADELOUPE: (5, 27),
    ZoneFeries.MARTINIQUE: (5, 22),
    ZoneFeries.GUYANE: (6, 10),
    ZoneFeries.LA_REUNION: (12, 20),
    ZoneFeries.MAYOTTE: (4, 27),
    ZoneFeries.SAINT_MARTIN: (5, 28),
    ZoneFeries.SAINT_BARTHELEMY: (10, 9),
}


@lru_cache(maxsize=512)
def public_holidays(zone: ZoneFeries, year: int) -> frozenset[date]:
    """The public holidays of a zone in a year, weekends included.

    A set: in 2008 Ascension Day fell on the first of May, two holidays in one day.
    """
    subdivision = "57" if zone == ZoneFeries.ALSACE_MOSELLE else None
    days = set(France(subdiv=subdivision, years=year))
    if zone in _LOCAL_DAY:
        month, day = _LOCAL_DAY[zone]
        days.add(date(year, month, day))
    return frozenset(days)


def is_jour_ouvre(day: date, zone: ZoneFeries, closures: AbstractSet[date] = NO_CLOSURE) -> bool:
    """Whether the caisse works that day. `closures` are its local closures."""
    return day.weekday() < 5 and day not in public_holidays(zone, day.year) and day not in closures


def add_jours_ouvres(day: date, n: int, zone: ZoneFeries, closures: AbstractSet[date] = NO_CLOSURE) -> date:
    """The n-th jour ouvré after `day` (before it when n is negative); `day` itself when n is 0.

    `day` need not be a jour ouvré: what is received on a Sunday has its first jour ouvré on Monday.
    """
    step = _ONE_DAY if n >= 0 else -_ONE_DAY
    remaining = abs(n)
    while remaining:
        day += step
        if is_jour_ouvre(day, zone, closures):
            remaining -= 1
    return day


def count_jours_ouvres(
    start: date, end: date, zone: ZoneFeries, closures: AbstractSet[date] = NO_CLOSURE
) -> int:
    """How many jours ouvrés lie between two days, counted as add_jours_ouvres does.

    Day 0 is `start`: it is never counted, `end` is. Negative when `end` comes before `start`, so that
    count(day, add(day, n)) is n for every n. The cost depends on the number of years, not of days.
    """
    if end < start:
        return -_count_between(end - _ONE_DAY, start - _ONE_DAY, zone, closures)
    return _count_between(start, end, zone, closures)


def _count_between(start: date, end: date, zone: ZoneFeries, closures: AbstractSet[date]) -> int:
    """Jours ouvrés after `start`, up to and with `end`; `start` <= `end`."""
    off = {day for day in closures if start < day <= end}
    for year in range(start.year, end.year + 1):
        off.update(day for day in public_holidays(zone, year) if start < day <= end)
    return _weekdays_until(end) - _weekdays_until(start) - sum(day.weekday() < 5 for day in off)


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays from the first day of the calendar (a Monday) up to and with `day`."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


def last_good_day_calendar(reception: date, days: int) -> date:
    """The last day on which an answer due « within `days` calendar days » is in time.

    Strict reading of « moins de 30 jours calendaires »: day 30 is late, day 29 is the last good one.
    Raises ValueError when `days` is below 1.
    """
    if days < 1:
        raise ValueError("a delay is at least one day")
    return reception + timedelta(days=days - 1)


def add_months(day: date, months: int) -> date:
    """The same day `months` calendar months later, or the last day of that month when it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
