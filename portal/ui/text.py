"""Numbers and sizes as a French reader expects them."""

from __future__ import annotations

NBSP = "\u00a0"
COUNT_SHOWN_UP_TO = 1000


def thousands(number: int) -> str:
    """Return 12400 as « 12 400 »."""
    return f"{number:,}".replace(",", NBSP)


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
