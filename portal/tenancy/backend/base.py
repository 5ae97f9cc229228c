"""The PostgreSQL backend that announces the scope at the start of each outermost transaction."""

from typing import Any

from django.db.backends.postgresql import base

from portal.tenancy.scopes import apply_scope, current_scope


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL wrapper, plus the scope."""

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        """Open (or close) a transaction; a transaction opened under a scope carries it."""
        super().set_autocommit(autocommit, *args, **kwargs)
        if not autocommit:
            value = current_scope()
            if value is not None:
                apply_scope(self, value)
