"""Pages of a list by position, not by number: the tenth page costs what the first one does.

A cursor holds the sort keys of the row beside which a page starts; it carries dates, flags and ids, never a
name. A cursor that cannot be read gives the first page.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from portal.compiled import CompiledQuery, Slot

M = TypeVar("M", bound=models.Model)
PAGE_SIZE = 25
_LONGEST_CURSOR = 400
_BOUND = "borne_"


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
    backwards, values = _read(queryset.model, keys, cursor, {})
    found = list(_cut(queryset, keys, backwards, values, size))
    return _page(found, keys, backwards, bool(values), size)


class KeysetQuery(Generic[M]):
    """The pages of a list that is always asked for in the same way: each of its queries is compiled once."""

    def __init__(
        self,
        build: "Callable[[], models.QuerySet[M]]",
        keys: tuple[str, ...],
        size: int = PAGE_SIZE,
        computed: "dict[str, models.Field[Any, Any]] | None" = None,
    ) -> None:
        """`computed` gives the type of the keys that are no fields of the model but annotations."""
        self._build, self._keys, self._size, self._computed = build, keys, size, computed or {}
        self._queries: dict[tuple[bool, bool], CompiledQuery[M]] = {}
        self._model: type[models.Model] | None = None

    def page(self, cursor: str = "", **slots: Any) -> KeysetPage[M]:
        """One page, as `keyset_page` gives it, with these values in the slots of the queryset."""
        self._model = self._model or self._build().model
        backwards, values = _read(self._model, self._keys, cursor, self._computed)
        found = self._rows(backwards, values, slots)
        return _page(found, self._keys, backwards, bool(values), self._size)

    def beside(self, values: list[Any], *, backwards: bool = False, **slots: Any) -> list[M]:
        """The rows that follow (or come before, nearest first) the one whose sort keys are `values`."""
        return self._rows(backwards, values, slots)[: self._size]

    def _rows(self, backwards: bool, values: list[Any], slots: dict[str, Any]) -> list[M]:
        bounds = {f"{_BOUND}{place}": value for place, value in enumerate(values)}
        return self._query(backwards, bool(values)).all(**slots, **bounds)

    def _query(self, backwards: bool, bounded: bool) -> CompiledQuery[M]:
        names = [Slot(f"{_BOUND}{place}") for place in range(len(self._keys))] if bounded else []
        query = CompiledQuery(lambda: _cut(self._build(), self._keys, backwards, names, self._size))
        return self._queries.setdefault((backwards, bounded), query)


def position(row: models.Model, keys: tuple[str, ...]) -> str:
    """Where a row stands in a list sorted by `keys`: the cursor of what follows it."""
    return _write(keys, row, ">")


def turned(cursor: str) -> str:
    """The cursor of what comes before a position rather than after it; empty when it cannot be read."""
    try:
        _, *texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error):
        return ""
    return _encoded(["<", *texts])


def _cut(
    queryset: "models.QuerySet[M]", keys: tuple[str, ...], backwards: bool, values: list[Any], size: int
) -> "models.QuerySet[M]":
    """The rows of a page and one more, which tells whether something follows."""
    order = tuple(_reversed(key) for key in keys) if backwards else keys
    rows = queryset.order_by(*order)
    return (rows.filter(_after(order, values)) if values else rows)[: size + 1]


def _page(found: list[M], keys: tuple[str, ...], backwards: bool, bounded: bool, size: int) -> KeysetPage[M]:
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return KeysetPage([], "", "")
    has_previous = more if backwards else bounded
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
    return _encoded([direction, *texts])


def _encoded(values: list[Any]) -> str:
    text = json.dumps(values, separators=(",", ":"), default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(
    model: type[models.Model],
    keys: tuple[str, ...],
    cursor: str,
    computed: "dict[str, models.Field[Any, Any]]",
) -> tuple[bool, list[Any]]:
    if not cursor or len(cursor) > _LONGEST_CURSOR:
        return False, []
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        direction, *texts = raw
        names = [key.lstrip("-") for key in keys]
        fields: list[Any] = [computed.get(name) or model._meta.get_field(name) for name in names]
        values = [field.to_python(text) for field, text in zip(fields, texts, strict=True)]
    except (ValueError, TypeError, binascii.Error, ValidationError, OverflowError):
        return False, []
    if direction not in ("<", ">") or any(value is None for value in values):
        return False, []
    return direction == "<", values
