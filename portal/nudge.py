"""Nudges: tell the worker that there is something to do, without ever waiting for Redis.

The database is the queue; a nudge only makes it faster, and the sweeps find whatever a nudge lost. So nudges are
published by a thread of their own, once per task and arguments however many are waiting, and are thrown away while
Redis does not answer.
"""

import logging
import os
import threading
import time
from collections import OrderedDict
from functools import partial

from django.db import transaction

logger = logging.getLogger(__name__)

LONGEST_LINE = 500
PAUSE_AFTER_FAILURE = 3.0

Nudge = tuple[str, tuple[str | int, ...]]


def nudge(task: str, *args: str | int) -> None:
    """Have the worker run `task` once the transaction in hand is committed; never raises nor waits."""
    transaction.on_commit(partial(_line.put, (task, args)), robust=True)


class Line:
    """The nudges waiting to be published, and the thread that publishes them."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._waiting: OrderedDict[Nudge, None] = OrderedDict()
        self._process = 0
        self._quiet_until = 0.0

    def put(self, item: Nudge) -> None:
        """Add a nudge, unless Redis was away a moment ago or the line is full."""
        with self._condition:
            if time.monotonic() < self._quiet_until or len(self._waiting) >= LONGEST_LINE:
                return
            self._waiting[item] = None
            if self._process != os.getpid():
                # A forked process has no thread yet.
                self._process = os.getpid()
                threading.Thread(target=self._run, name="nudges", daemon=True).start()
            self._condition.notify()

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._waiting:
                    self._condition.wait()
                (task, args), _ = self._waiting.popitem(last=False)
            try:
                self._publish(task, args)
            except Exception as error:
                logger.warning("Redis does not take nudges (%s); the sweeps will do it", type(error).__name__)
                with self._condition:
                    self._waiting.clear()
                    self._quiet_until = time.monotonic() + PAUSE_AFTER_FAILURE

    def _publish(self, task: str, args: tuple[str | int, ...]) -> None:
        from portal.celery import app

        app.send_task(task, args=args, retry=False, ignore_result=True)


_line = Line()
os.register_at_fork(after_in_child=lambda: _line.__init__())  # type: ignore[misc]
