"""Periodic work: sweeps find what is due in the database and deal with it, in batches.

A sweep may run twice, late, or in two places at once: the result is the same. It reads the time from
`portal.clock`, so that `manage.py sweep NAME --at DATE` plays another day.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now

from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.models import Balayage
from portal.tenancy import scope

logger = logging.getLogger(__name__)

TASK = "portal.sweep"
BATCH = 25_000
LONGEST_RUN_SECONDS = 300.0

Work = Callable[[int], int]


@dataclass(frozen=True)
class Sweep:
    """A kind of periodic work.

    Attributes:
        name: as the command and the schedule call it.
        label: what it does, in French, for the status page.
        every: how often beat asks for it.
        work: deals with at most `limit` rows and returns how many it dealt with; asked again while that is `limit`.
        exclusive: the work runs in one transaction a batch, one process at a time; otherwise it opens its own
            transactions and may run in several processes at once.
        batch: the `limit` given to `work`.
    """

    name: str
    label: str
    every: timedelta
    work: Work
    exclusive: bool = True
    batch: int = BATCH


_sweeps: dict[str, Sweep] = {}


def sweep(
    name: str, *, label: str, every: timedelta, exclusive: bool = True, batch: int = BATCH
) -> Callable[[Work], Work]:
    """Register the decorated function as a sweep; see Sweep for the arguments.

    Raises:
        ValueError: the name is taken.
    """

    def register(work: Work) -> Work:
        if name in _sweeps:
            raise ValueError(f"the sweep {name} is registered twice")
        _sweeps[name] = Sweep(name, label, every, work, exclusive, batch)
        return work

    return register


def all_sweeps() -> Iterator[Sweep]:
    """Every registered sweep, by name."""
    return iter(sorted(_sweeps.values(), key=lambda found: found.name))


def sweep_named(name: str) -> Sweep:
    """The sweep of this name.

    Raises:
        KeyError: there is none.
    """
    return _sweeps[name]


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The schedule of Celery beat: a tick nobody took in time is dropped, the next one does its work."""
    return {
        found.name: {
            "task": TASK,
            "schedule": found.every,
            "args": (found.name,),
            "options": {"expires": max(found.every.total_seconds(), 5.0)},
        }
        for found in all_sweeps()
    }


def run(name: str) -> int:
    """Run a sweep until nothing is left to do, and return how many rows it dealt with.

    Opens the scope « systeme ». Returns 0 at once when the same exclusive sweep runs elsewhere.

    Raises:
        KeyError: there is no such sweep.
        Exception: whatever the work raised; the batches already committed stay, and the status page shows it.
    """
    found = sweep_named(name)
    started = time.monotonic()
    with scope("systeme"):
        _beat(found)
        total = 0
        try:
            while True:
                done = _batch(found)
                total += done
                if done < found.batch or time.monotonic() - started > LONGEST_RUN_SECONDS:
                    break
        except Exception as error:
            _finish(found, total, started, error=type(error).__name__)
            raise
        _finish(found, total, started)
    return total


def _batch(found: Sweep) -> int:
    if not found.exclusive:
        return found.work(found.batch)
    with transaction.atomic():
        if not try_lock(f"sweep:{found.name}"):
            logger.info("Sweep %s already runs elsewhere", found.name)
            return 0
        return found.work(found.batch)


def try_lock(name: str) -> bool:
    """Take the lock `name` until the end of the transaction in hand, unless another session holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


def _beat(found: Sweep) -> None:
    with transaction.atomic():
        Balayage.objects.bulk_create(
            [Balayage(nom=found.name, debut=Now())],
            update_conflicts=True,
            unique_fields=["nom"],
            update_fields=["debut"],
        )


def _finish(found: Sweep, rows: int, started: float, error: str = "") -> None:
    """Leave the heartbeat, and a line in the journal when there was something to tell."""
    with transaction.atomic():
        Balayage.objects.filter(nom=found.name).update(fin=Now(), lignes=rows, erreur=error)
        if rows or error:
            details = {"lignes": rows, "ms": round((time.monotonic() - started) * 1000)}
            record(
                Verbe.BALAYAGE,
                role="systeme",
                objet="balayage",
                objet_id=found.name,
                details={**details, "erreur": error} if error else details,
            )
