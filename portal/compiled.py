"""Queries that every page runs, written with the ORM and turned into SQL once.

Building and compiling such a query takes longer than running it. The values that change from one run to the
next are slots:

    MEMBERSHIP = CompiledQuery(lambda: RolePartenaire.objects.filter(user=Slot("user")))
    MEMBERSHIP.first(user=user.pk)
"""

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, DateField, Expression, F, Field, Func, Model, QuerySet, Value
from django.db.models.query import ModelIterable
from psycopg.sql import Literal

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


class Holds(Func):
    """A condition: `filter(Holds("codes", Slot("code")))`. The array of the row holds this value."""

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, name: str, value: "Slot | str") -> None:
        super().__init__(value if isinstance(value, Slot) else Value(value), F(name))


class LocalDay(Func):
    """The day it is at a moment where the row is: `LocalDay(Slot("maintenant"), "caisse__fuseau")`."""

    arg_joiner = "::timestamptz AT TIME ZONE "
    template = "(%(expressions)s)::date"
    output_field = DateField()

    def __init__(self, moment: "Slot | datetime", zone: str) -> None:
        super().__init__(moment if isinstance(moment, Slot) else Value(moment), F(zone))


@dataclass(frozen=True)
class Statement:
    """SQL and the names of what goes into its placeholders.

    What never changes is written in it: the planner may then use an index made for those rows, and keep one
    plan for every value.
    """

    sql: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, sql: str, params: Iterable[Any]) -> "Statement":
        """From the SQL of a queryset and its parameters, slots and constants."""
        names: list[str] = []
        values = iter(params)

        def written(match: re.Match[str]) -> str:
            if match[0] == "%%":
                return "%%"
            value = next(values)
            if isinstance(value, Slot):
                names.append(value.name)
                return "%s"
            return Literal(value).as_string().replace("%", "%%")

        return cls(_PLACEHOLDER.sub(written, sql), tuple(names))

    def params(self, values: Mapping[str, Any]) -> list[Any]:
        """The parameters of a run.

        Raises:
            KeyError: a slot has no value.
        """
        return [values[name] for name in self.names]

    def named(self) -> str:
        """The same SQL with `%(name)s` for each slot, to stand among others that take the same values."""
        names = iter(self.names)
        return _PLACEHOLDER.sub(lambda found: "%%" if found[0] == "%%" else f"%({next(names)})s", self.sql)


_PLACEHOLDER = re.compile("%[%s]")


@dataclass(frozen=True)
class _Compiled:
    compiler: Any
    statement: Statement
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
        sql, params = kept.statement.sql, kept.statement.params(values)
        # The compiler of the first run, in a copy: two threads never share one, nor a connection.
        compiler = copy.copy(kept.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *args, **kwargs: (sql, params)
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
        self._kept = _Compiled(compiler, Statement.of(sql, params), compiler.get_converters(fields))
        return self._kept
