"""The lines of the log: where something failed and how, never the words of an exception.

What an exception says may hold what somebody typed: PostgreSQL shows the whole row that it refuses.
"""

import copy
import logging
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Writes the places of an exception and its class (and SQLSTATE), without its message."""

    def format(self, record: logging.LogRecord) -> str:
        """Celery puts what a task raised in the line itself: only its class stays there."""
        # Another handler may have kept its own rendering of the exception on the record.
        record = copy.copy(record)
        record.exc_text = None
        if record.exc_info and isinstance(record.args, Mapping) and "exc" in record.args:
            record.args = {**record.args, "exc": _name(record.exc_info[1]), "traceback": ""}
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        """The chain of exceptions, oldest first."""
        parts = []
        for exception in reversed(list(_chain(ei[1]))):
            parts.append("".join(traceback.format_tb(exception.__traceback__)) + _name(exception))
        return "\n".join(parts)


def _chain(exception: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while exception is not None and id(exception) not in seen:
        seen.add(id(exception))
        yield exception
        exception = exception.__cause__ or (None if exception.__suppress_context__ else exception.__context__)


def _name(exception: BaseException | None) -> str:
    code = getattr(exception, "sqlstate", None)
    return type(exception).__qualname__ + (f" {code}" if code else "")
