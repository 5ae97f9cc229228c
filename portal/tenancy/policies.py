"""Row-level security and composite foreign keys, declared with the models."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import BaseConstraint, Model

from portal.tenancy.scopes import REALMS

TENANT = "(SELECT nullif(current_setting('app.tenant', true), '')::bigint)"
PARTENAIRE = "partenaire_id = {tenant}"
CAISSE = "caisse_id = {tenant}"
NOW = "nullif(current_setting('app.now', true), '')::timestamptz"
COMMANDS = ("select", "insert", "update", "delete")
ROLES = {**REALMS, "connexion": "ep_web"}

Rule = str | dict[str, str]


def reached(column: str) -> str:
    """The condition that the moment in `column` has come, by the database's clock or by the portal's.

    Nearly every row passes the first test, which the planner can estimate; the second one is for a clock that is moved.
    """
    return f"({column} <= statement_timestamp() OR {column} <= {NOW})"


class SqlConstraint(BaseConstraint):
    """A constraint that Django knows nothing of: SQL to create it and to drop it, compared by its arguments."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, type(self)):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """Not inside CREATE TABLE, but right after it."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to say before the database does."""


class RealmPolicy(SqlConstraint):
    """Row-level security of a table: for each realm, which rows it may see and write.

    `rules` maps a realm (or "connexion", the login itself, before anybody is known) to a SQL condition for
    every command, or to a mapping from command (select, insert, update, delete) to condition. A realm that is
    not named sees nothing; `systeme` always sees everything. In a condition `{tenant}` stands for the tenant
    of the scope and `{table}` for the table.
    """

    def __init__(self, *, name: str, rules: dict[str, Rule]) -> None:
        unknown = set(rules) - set(ROLES)
        if unknown:
            raise ValueError(f"unknown realms: {sorted(unknown)}")
        super().__init__(name=name)
        self.rules = rules

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "rules": self.rules}

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        table = schema_editor.quote_name(model._meta.db_table)
        statements = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
        for policy, role, command, condition in self.policies(model):
            clauses = []
            if command != "insert":
                clauses.append(f"USING ({condition})")
            if command in ("all", "insert", "update"):
                clauses.append(f"WITH CHECK ({condition})")
            statements.append(
                f'CREATE POLICY "{policy}" ON {table} FOR {command.upper()} TO {role} {" ".join(clauses)}'
            )
        return "; ".join(statements)

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        table = schema_editor.quote_name(model._meta.db_table)
        statements = [
            f'DROP POLICY IF EXISTS "{policy}" ON {table}' for policy, _, _, _ in self.policies(model)
        ]
        return "; ".join([*statements, f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"])

    def policies(self, model: type[Model]) -> list[tuple[str, str, str, str]]:
        """The policies: (name, role, command or "all", condition)."""
        table = model._meta.db_table
        found = []
        for realm, rule in {**self.rules, "systeme": "true"}.items():
            commands = {"all": rule} if isinstance(rule, str) else rule
            for command, condition in commands.items():
                sql = condition.replace("{tenant}", TENANT).replace("{table}", f'"{table}"')
                found.append((f"{self.name}_{realm}_{command}", ROLES[realm], command, sql))
        return found


class TenantForeignKey(SqlConstraint):
    """A composite foreign key that ties a child to its parent's tenant.

    Row-level security does not hold for foreign-key checks: without this a child could point at another
    tenant's parent. `columns` are the child's columns, `to` the parent's table, `to_columns` its columns.
    """

    def __init__(self, *, name: str, columns: tuple[str, ...], to: str, to_columns: tuple[str, ...]) -> None:
        super().__init__(name=name)
        self.columns, self.to, self.to_columns = tuple(columns), to, tuple(to_columns)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "columns": self.columns, "to": self.to, "to_columns": self.to_columns}

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        quote = schema_editor.quote_name
        columns = ", ".join(quote(column) for column in self.columns)
        to_columns = ", ".join(quote(column) for column in self.to_columns)
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY ({columns}) REFERENCES {quote(self.to)} ({to_columns}) DEFERRABLE INITIALLY IMMEDIATE"
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT IF EXISTS {quote(self.name)}"


def has_tenant(model: type[Model]) -> bool:
    """Whether the rows of `model` belong to a tenant."""
    for name in ("partenaire", "caisse"):
        try:
            if model._meta.get_field(name).is_relation:
                return True
        except FieldDoesNotExist:
            continue
    return False
