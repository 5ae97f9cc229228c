"""The clock of the portal: one place to read it, so that sweeps and tests can move it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

_listeners: list[Callable[[], None]] = []
_frozen: ContextVar[datetime | None] = ContextVar("portal_clock", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _frozen.get() or timezone.now()


def today(fuseau: str = "Europe/Paris") -> date:
    """The current date in the given time zone (that of the caisse)."""
    return local_date(now(), fuseau)


def local_date(moment: datetime, fuseau: str = "Europe/Paris") -> date:
    """The calendar date of `moment` in the given time zone."""
    return moment.astimezone(ZoneInfo(fuseau)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run the block as if it were `moment` (aware)."""
    token = _frozen.set(moment)
    try:
        _tell()
        yield
    finally:
        _frozen.reset(token)
        _tell()


def on_move(listener: Callable[[], None]) -> None:
    """Have `listener` called each time the clock is moved: the database has a clock of its own."""
    _listeners.append(listener)


def _tell() -> None:
    for listener in _listeners:
        listener()
