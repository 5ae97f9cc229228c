"""Numbers, sizes, days and moments as a French reader expects them."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils.formats import date_format

NBSP = "\u00a0"
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
COUNT_SHOWN_UP_TO = 1000


def thousands(number: int) -> str:
    """Return 12400 as « 12 400 »."""
    return f"{number:,}".replace(",", NBSP)


def day_number(number: int) -> str:
    """Return the day of a month as it is written before its name: « 1er », « 2 »."""
    return "1er" if number == 1 else str(number)


def day_in_words(day: date, words: str = "j F Y") -> str:
    """Return a day as « 4 décembre 2026 », « 1er avril 2026 »; `words` is a format of Django (« l j F »)."""
    return date_format(day, words.replace("j", "".join(f"\\{sign}" for sign in day_number(day.day))))


def hour_in_words(local: time | datetime) -> str:
    """Return an hour as « 14 h 05 », « 10 h »; the spaces do not break."""
    minutes = f"{NBSP}{local.minute:02d}" if local.minute else ""
    return f"{local.hour}{NBSP}h{minutes}"


def moment(local: datetime) -> str:
    """Return a local time as « 3 mars 2026 à 14 h 05 », « 1er avril 2026 à 10 h »."""
    return f"{day_number(local.day)} {MOIS[local.month - 1]} {local.year} à {hour_in_words(local)}"


def short_moment(local: datetime) -> str:
    """Return a local time for the cell of a table: « 03/03/2026 14 h 05 »."""
    return f"{local:%d/%m/%Y} {hour_in_words(local)}"


def shown_count(count: int) -> str:
    """Return a count for a tab or a caption: exact up to 1,000, then « plus de 1 000 »."""
    if count > COUNT_SHOWN_UP_TO:
        return f"plus de {thousands(COUNT_SHOWN_UP_TO)}"
    return thousands(count)


def file_size(size: int) -> str:
    """Return a size in bytes as « 120 Ko » or « 4,2 Mo »."""
    if size < 1000:
        return f"{size}{NBSP}octets" if size > 1 else f"{size}{NBSP}octet"
    if round(size / 1000) < 1000:
        return f"{round(size / 1000)}{NBSP}Ko"
    megabytes = f"{size / 1_000_000:.1f}".removesuffix(".0").replace(".", ",")
    return f"{megabytes}{NBSP}Mo"
