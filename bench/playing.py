"""Plays one sweep and times it, then once more: the second run finds nothing."""

import json
import time
from datetime import datetime
from typing import Any

from django.db import connection

from portal import clock, sweeps


def say(row: dict[str, Any]) -> None:
    """Give one line of figures to `bench.run`, which prints and keeps it at once."""
    print(json.dumps(row), flush=True)


def play(name: str, moment: datetime, *, label: str = "") -> None:
    """Run a sweep as if it were `moment`, and say its figures."""
    statements = 0

    def count(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal statements
        statements += 1
        return execute(sql, params, many, context)

    with clock.at(moment), connection.execute_wrapper(count):
        started = time.perf_counter()
        done = sweeps.run(name)
        seconds = time.perf_counter() - started
        used = statements
        again = sweeps.run(name)
    say(
        {
            "name": label or name,
            "done": done,
            "again": again,
            "seconds": round(seconds, 3),
            "rows_per_second": round(done / seconds) if seconds else 0,
            "statements": used,
        }
    )
