"""Counts for tabs: exact up to 1,000, then « plus de 1 000 », so that they cost little on any table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from portal.compiled import Statement

COUNT_LIMIT = 1001
"""The highest number returned: it means « plus de 1 000 »."""


@dataclass(frozen=True)
class CappedCounts:
    """The one query that counts several querysets, ready to run; it may be kept while its inputs are the same."""

    names: tuple[str, ...]
    counted: tuple[str, ...]
    statement: Statement

    def read(self, **slots: Any) -> dict[str, int]:
        """Count, with these values in the slots of the querysets."""
        found = dict.fromkeys(self.names, 0)
        if self.counted:
            with connection.cursor() as cursor:
                cursor.execute(self.statement.sql, self.statement.params(slots))
                found |= dict(zip(self.counted, cursor.fetchone(), strict=True))
        return found


def prepare_counts(querysets: "Mapping[str, models.QuerySet[Any]]") -> CappedCounts:
    """The query that counts these, each up to COUNT_LIMIT."""
    selects: list[str] = []
    params: list[Any] = []
    counted: list[str] = []
    for name, queryset in querysets.items():
        if queryset.query.is_empty():
            continue
        sql, values = queryset.order_by().values("pk")[:COUNT_LIMIT].query.sql_with_params()
        # The parts are the ORM's own SQL; every value stays a parameter.
        selects.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608
        params.extend(values)
        counted.append(name)
    statement = Statement.of(f"SELECT {', '.join(selects)}", params)
    return CappedCounts(tuple(querysets), tuple(counted), statement)


def capped_counts(querysets: "Mapping[str, models.QuerySet[Any]]") -> dict[str, int]:
    """How many rows each queryset has, up to COUNT_LIMIT, all in one query."""
    return prepare_counts(querysets).read()
