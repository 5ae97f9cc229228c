"""Pages of a list by position, not by number: the tenth page costs what the first one does.

A cursor holds the sort keys of the row beside which a page starts; it carries dates, flags and ids, never a
name. A cursor that cannot be read gives the first page.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)
PAGE_SIZE = 25
_LONGEST_CURSOR = 400


@dataclass(frozen=True)
class KeysetPage(Generic[M]):
    """The rows of a page, and the cursors of the pages beside it (empty: there is none)."""

    rows: list[M]
    previous: str
    following: str


def keyset_page(
    queryset: "models.QuerySet[M]", keys: tuple[str, ...], cursor: str = "", size: int = PAGE_SIZE
) -> KeysetPage[M]:
    """One page of `queryset`, sorted by `keys` (« -modifiee_le », …), which never hold NULL; the last is unique.

    One query, whatever the page. `cursor` is what a KeysetPage gave as `previous` or `following`.
    """
    backwards, values = _read(queryset.model, keys, cursor)
    order = tuple(_reversed(key) for key in keys) if backwards else keys
    rows = queryset.order_by(*order)
    if values:
        rows = rows.filter(_after(order, values))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return KeysetPage([], "", "")
    has_previous = more if backwards else bool(values)
    has_following = True if backwards else more
    return KeysetPage(
        found,
        _write(keys, found[0], "<") if has_previous else "",
        _write(keys, found[-1], ">") if has_following else "",
    )


def _reversed(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _after(order: tuple[str, ...], values: list[Any]) -> Q:
    """The rows after `values` in `order`; the bound on the first key lets the index start there."""
    condition = Q()
    same = Q()
    for key, value in zip(order, values, strict=True):
        name, lookup = key.lstrip("-"), "lt" if key.startswith("-") else "gt"
        condition |= same & Q(**{f"{name}__{lookup}": value})
        same &= Q(**{name: value})
    first = order[0].lstrip("-")
    return Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": values[0]}) & condition


def _write(keys: tuple[str, ...], row: models.Model, direction: str) -> str:
    values = [getattr(row, key.lstrip("-")) for key in keys]
    texts = [value.isoformat() if isinstance(value, date | datetime) else value for value in values]
    text = json.dumps([direction, *texts], separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(model: type[models.Model], keys: tuple[str, ...], cursor: str) -> tuple[bool, list[Any]]:
    if not cursor or len(cursor) > _LONGEST_CURSOR:
        return False, []
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        direction, *texts = raw
        fields: list[Any] = [model._meta.get_field(key.lstrip("-")) for key in keys]
        values = [field.to_python(text) for field, text in zip(fields, texts, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError, OverflowError):
        return False, []
    if direction not in ("<", ">") or any(value is None for value in values):
        return False, []
    return direction == "<", values
