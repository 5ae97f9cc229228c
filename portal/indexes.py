"""Operations of migrations: keys and indexes changed on a live table, many small changes as one."""

from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation


class AlterFieldIndex(migrations.AlterField):
    """`AlterField` where only `db_index` changes.

    Django's own drops the foreign key and makes it again, which reads the whole table under a lock. This one
    touches the index alone, and blocks nobody: the migration must not be atomic.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        field = model._meta.get_field(self.name)
        name = schema_editor.quote_name(
            schema_editor._create_index_name(model._meta.db_table, [field.column])
        )
        if not field.db_index:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            return
        table, column = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(field.column)
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({column})")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)


class AddTenantForeignKey(migrations.AddConstraint):
    """A composite foreign key on a live table: declared first, which takes an instant, then checked row by row.

    The check blocks nobody; the migration must not be atomic, or it would hold the lock of the declaration.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        quote = schema_editor.quote_name
        schema_editor.execute(f"{self.constraint.create_sql(model, schema_editor)} NOT VALID", params=None)
        schema_editor.execute(
            f"ALTER TABLE {quote(model._meta.db_table)} VALIDATE CONSTRAINT {quote(self.constraint.name)}",
            params=None,
        )


class AddCheck(AddTenantForeignKey):
    """A check on a live table, declared and then read row by row, in the same way."""


class Together(Operation):
    """Fields, indexes and constraints changed as one operation; none of them builds on another.

    Django renders the models again after each operation, which took most of the time of a first start.
    """

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        # What was rendered is dropped: the changes below then render nothing, and the next reader everything.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """What `migrate --plan` says."""
        return f"{len(self.operations)} changes: {self.operations[0].describe()}…"
