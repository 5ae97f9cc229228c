"""Queries that every page runs, written with the ORM and turned into SQL once.

Building and compiling such a query takes longer than running it. The values that change from one run to the
next are slots:

    MEMBERSHIP = CompiledQuery(lambda: RolePartenaire.objects.filter(user=Slot("user")))
    MEMBERSHIP.first(user=user.pk)
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, Expression, F, Field, Func, Model, QuerySet, Value
from django.db.models.query import ModelIterable

M = TypeVar("M", bound=Model)


class Slot(Expression):
    """A value given at each run, as the database knows it: a key rather than an object."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class IsAnyOf(Func):
    """A condition: `filter(IsAnyOf("pk", Slot("ids")))`. One statement, however long the list."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, name: str, values: "Slot | list[int]") -> None:
        super().__init__(F(name), values if isinstance(values, Slot) else Value(values))


def filled(params: Iterable[Any], values: Mapping[str, Any]) -> list[Any]:
    """The parameters of a statement, each slot replaced by its value.

    Raises:
        KeyError: a slot has no value.
    """
    return [values[item.name] if isinstance(item, Slot) else item for item in params]


@dataclass(frozen=True)
class _Compiled:
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]


class CompiledQuery(Generic[M]):
    """A queryset of model instances whose SQL is made at the first run and kept."""

    def __init__(self, build: "Callable[[], QuerySet[M]]") -> None:
        self._build = build
        self._kept: _Compiled | None = None

    def all(self, **values: Any) -> list[M]:
        """Every row, with these values in the slots.

        Raises:
            KeyError: a slot has no value.
        """
        kept = self._kept or self._compile()
        params = filled(kept.params, values)
        # The compiler of the first run, in a copy: two threads never share one, nor a connection.
        compiler = copy.copy(kept.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *args, **kwargs: (kept.sql, params)
        compiler.get_converters = lambda expressions: kept.converters
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        rows: Any = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})
        return list(ModelIterable(rows))

    def first(self, **values: Any) -> M | None:
        """The first row, or None; the query says its own order and limit."""
        return next(iter(self.all(**values)), None)

    def _compile(self) -> _Compiled:
        compiler = self._build().query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        fields = [row[0] for row in compiler.select[0 : compiler.col_count]]
        self._kept = _Compiled(compiler, sql, tuple(params), compiler.get_converters(fields))
        return self._kept
