"""Template filters `ui_*`, available in every template: days, hours, numbers and sizes in words. See `docs/ui.md`."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from portal.ui import text

register = template.Library()


@register.filter(expects_localtime=True)
def ui_jour(day: date | None, words: str = "j F Y") -> str:
    """Write a day in words, « 1er avril 2026 »; `words` is a format of Django (« l j F »)."""
    return text.day_in_words(day, words) if day else ""


@register.filter(expects_localtime=True)
def ui_heure(moment: datetime | None) -> str:
    """Write the time of a moment, « 14 h 32 », on the clock of whoever reads."""
    return text.hour_in_words(moment) if moment else ""


@register.filter(expects_localtime=True)
def ui_moment(moment: datetime | None) -> str:
    """Write a moment in full, « 24 décembre 2026 à 14 h 05 », on the clock of whoever reads."""
    return text.moment(moment) if moment else ""


@register.filter(expects_localtime=True)
def ui_moment_court(moment: datetime | None) -> str:
    """Write a moment for a table, « 24/12/2026 14 h 05 », on the clock of whoever reads."""
    return text.short_moment(moment) if moment else ""


@register.filter
def ui_thousands(number: int) -> str:
    """Write a number as « 2 000 », with a space that does not break."""
    return text.thousands(number)


@register.filter
def ui_count(count: int) -> str:
    """Word a count: exact up to 1,000, then « plus de 1 000 »."""
    return text.shown_count(count)


@register.filter
def ui_taille(size: int) -> str:
    """Word a size in bytes: « 120 Ko »."""
    return text.file_size(size)
