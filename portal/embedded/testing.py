"""`test`, `bench` and `exec`: a command run beside servers of its own, whose data nobody needs afterwards."""

import os
import shutil
import signal
import subprocess
import sys
from types import FrameType

from portal.embedded import browser
from portal.embedded.console import LauncherError, ServerFailed, say
from portal.embedded.layout import PROJECT, Layout, Lock
from portal.embedded.processes import parent_death_guard
from portal.embedded.services import Services

SLOTS = 8


class Interrupted(Exception):
    """A stop signal received while a command runs."""


def test(arguments: list[str]) -> int:
    """Run pytest with these arguments; its exit code comes back, « no test ran » (5) included."""
    os.environ["PORTAL_CHROMIUM"] = str(browser.ensure())
    return run_beside_services([sys.executable, "-m", "pytest", *arguments])


def bench(size: int) -> int:
    """Run the benchmark over `size` demandes, on a server that keeps its promises to the disk."""
    command = [sys.executable, "-m", "bench.run", "--size", str(size)]
    return run_beside_services(command, name="bench", settings="portal.settings.embedded", throwaway=False)


def run_beside_services(
    command: list[str], *, name: str = "test", settings: str = "portal.settings.test", throwaway: bool = True
) -> int:
    """Start servers in `.local/<name>`, run the command in the foreground, and give its exit code back.

    A second run of the same clone at the same time gets servers of its own in `.local/<name>-2`, and so on.
    """
    _stop_on_signals()
    layout, lock = _free_layout(name)
    try:
        try:
            return _run(command, Services(layout, settings=settings, throwaway=throwaway))
        except ServerFailed:
            # Throwaway data written without fsync may not survive a power cut: start afresh once.
            say("Données de test inutilisables : nouvelle base.")
            shutil.rmtree(layout.postgres_data, ignore_errors=True)
            return _run(command, Services(layout, settings=settings, throwaway=throwaway))
    except (Interrupted, KeyboardInterrupt):
        say("Interrompu.")
        return 130
    finally:
        lock.release()


def _run(command: list[str], services: Services) -> int:
    with services.serving() as environment:
        # The command keeps the terminal's process group: Ctrl-C reaches it as the user expects.
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, preexec_fn=parent_death_guard(signal.SIGKILL)
        )
        try:
            return process.wait()
        except KeyboardInterrupt:
            return _let_finish(process, 30)
        except Interrupted:
            process.send_signal(signal.SIGINT)
            return _let_finish(process, 30)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def _let_finish(process: "subprocess.Popen[bytes]", timeout: float) -> int:
    """Leave an interrupted command the time to clean up."""
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
    return 130


def _free_layout(name: str) -> tuple[Layout, Lock]:
    for slot in range(1, SLOTS + 1):
        layout = Layout(PROJECT, name if slot == 1 else f"{name}-{slot}")
        layout.create()
        lock = Lock(layout)
        if lock.acquire():
            return layout, lock
    raise LauncherError(f"{SLOTS} exécutions sont déjà en cours dans ce dossier.")


def _stop_on_signals() -> None:
    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Interrupted

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    signal.signal(signal.SIGINT, signal.default_int_handler)
