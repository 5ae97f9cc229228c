"""What the person in front of the terminal reads: one progress line a step, in French."""

import contextlib
import sys
import time
from collections.abc import Iterator

NBSP = "\N{NO-BREAK SPACE}"


class LauncherError(Exception):
    """A failure the user can act on: the message is shown as it is, in French, without a traceback."""


class ServerFailed(LauncherError):
    """A server that was started and does not serve."""


def prepare_streams() -> None:
    """Make accents printable whatever the terminal's locale, and lines visible as they come."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def say(line: str = "") -> None:
    """Print one line for the user."""
    _write(line + "\n")


def _write(text: str) -> None:
    # The terminal may be gone (SIGHUP): stopping in order matters more than saying so.
    with contextlib.suppress(OSError, ValueError):
        print(text, end="", flush=True)


def seconds(duration: float) -> str:
    """Write a duration in seconds the French way: `0,3 s`."""
    return f"{duration:.1f}".replace(".", ",") + NBSP + "s"


@contextlib.contextmanager
def step(label: str, done: str = "prêt") -> Iterator[None]:
    """Announce a step before it runs and close its line with the time it took."""
    _write(f"{label}… ")
    start = time.monotonic()
    try:
        yield
    except BaseException:
        _write("échec\n")
        raise
    _write(f"{done} ({seconds(time.monotonic() - start)})\n")
