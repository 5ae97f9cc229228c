"""Counts for tabs: exact up to 1,000, then « plus de 1 000 », so that they cost little on any table."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models

COUNT_LIMIT = 1001
"""The highest number returned: it means « plus de 1 000 »."""


def capped_counts(querysets: "Mapping[str, models.QuerySet[Any]]") -> dict[str, int]:
    """How many rows each queryset has, up to COUNT_LIMIT, all in one query."""
    selects: list[str] = []
    params: list[Any] = []
    counted: list[str] = []
    for name, queryset in querysets.items():
        if queryset.query.is_empty():
            continue
        sql, values = queryset.order_by().values("pk")[:COUNT_LIMIT].query.sql_with_params()
        # The ORM's own SQL; every value stays a parameter.
        selects.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608
        params.extend(values)
        counted.append(name)
    if not selects:
        return dict.fromkeys(querysets, 0)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selects)}", params)
        row = cursor.fetchone()
    return dict.fromkeys(querysets, 0) | dict(zip(counted, row, strict=True))
