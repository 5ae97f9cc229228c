"""Numbers, sizes and moments as a French reader expects them."""

from __future__ import annotations

from datetime import datetime

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


def moment(local: datetime) -> str:
    """Return a local time as « 3 mars 2026 à 14:05 »."""
    return f"{local.day} {MOIS[local.month - 1]} {local.year} à {local:%H:%M}"


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
