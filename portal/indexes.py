"""Indexes of foreign keys, dropped or made again on a live table."""

from typing import Any

from django.db import migrations


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
