"""The rows of a long list: their template is drawn once for each shape of row, then filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache
from html import escape
from types import SimpleNamespace
from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString

from portal.ui.drawing import HOLE, HOLES


def draw_rows(template: str, rows: Iterable[Any], /, **constants: str | bool) -> SafeString:
    """Return the HTML of `template` for each row, which it sees as `ligne`, one after the other.

    A row is a dataclass of texts, numbers and booleans. The template may write a text or a number as it is and ask
    whether it is empty; it may not filter it: that is done where the row is made. Its drawing is kept for each
    combination of booleans, of empty fields and of `constants`, and only the fields are escaped row by row.

    Raises:
        TypeError: a field is something else.
    """
    drawn: list[str] = []
    listed = list(rows)
    if not listed:
        return SafeString("")
    names = tuple(field.name for field in fields(listed[0]))
    booleans = tuple(isinstance(getattr(listed[0], name), bool) for name in names)
    kept = tuple(sorted(constants.items()))
    for row in listed:
        values = [getattr(row, name) for name in names]
        shape = tuple([bool(value) or (value == 0 and value is not False) for value in values])
        texts = dict(zip(names, values, strict=True))
        for odd, part in enumerate(_parts(template, names, shape, booleans, kept)):
            drawn.append(_text(texts[part]) if odd % 2 else part)
    return SafeString("".join(drawn))


@lru_cache(maxsize=1024)
def _parts(
    template: str,
    names: tuple[str, ...],
    shape: tuple[bool, ...],
    booleans: tuple[bool, ...],
    constants: tuple[tuple[str, str | bool], ...],
) -> list[str]:
    """The drawing of a shape of row, cut at its holes: one part in two is the name of a field."""
    ligne = SimpleNamespace(
        **{
            name: full if is_boolean else HOLE.format(name) if full else ""
            for name, full, is_boolean in zip(names, shape, booleans, strict=True)
        }
    )
    return HOLES.split(get_template(template).render({"ligne": ligne, **dict(constants)}))


def _text(value: Any) -> str:
    if isinstance(value, SafeString):
        return value
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"a row holds texts, numbers and booleans, not {type(value).__name__}")
