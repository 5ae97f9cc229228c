"""Stacks of their own, in temporary copies of the project; what they leave behind is looked for in /proc."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.embedded.layout import PROJECT
from portal.embedded.processes import free_port

READY_TIMEOUT = 300.0
GONE_TIMEOUT = 30.0
LEFT_OUT = (
    ".git",
    ".local",
    ".venv",
    "node_modules",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
)
HANDED_DOWN = ("DATABASE_", "REDIS_", "SHARED_", "STORAGE_", "PYTEST_", "DJANGO_", "PORTAL_DATABASE")
HANDED_DOWN_NAMES = {
    "SECRET_KEY",
    "FILE_KEYS",
    "EMAIL_URL",
    "DEMO",
    "PORT",
    "MAKELEVEL",
    "MAKEFLAGS",
    "ALLOWED_HOSTS",
}


def clean_environment(**changes: str) -> dict[str, str]:
    """The environment of somebody's terminal: without what the tests' own stack handed down."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(HANDED_DOWN) and name not in HANDED_DOWN_NAMES
    }
    return {**kept, **changes}


def processes_in(folder: Path) -> list[str]:
    """The processes working in a folder: « pid command »."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            working = os.readlink(entry / "cwd")
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if command and (working == str(folder) or working.startswith(f"{folder}/")):
            found.append(f"{entry.name} {command}")
    return found


def wait_gone(folder: Path) -> list[str]:
    """Wait until no process works in the folder; what is left when patience ends."""
    deadline = time.monotonic() + GONE_TIMEOUT
    while (left := processes_in(folder)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


class Launcher:
    """`python -m portal.embedded` in one copy of the project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder.parent / f"{folder.name[:20]}.out"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "portal.embedded", *arguments]

    def call(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.folder,
            env=clean_environment(**environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=READY_TIMEOUT,
            check=False,
        )

    def start(self, *arguments: str, **environment: str) -> None:
        """Start a command in the background, as the leader of a group like a terminal's."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.command(*arguments),
                cwd=self.folder,
                env=clean_environment(**environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        """What the command printed so far."""
        return self.output.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        """Wait until these words are printed."""
        assert self.process is not None
        deadline = time.monotonic() + READY_TIMEOUT
        while words not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.05)

    def signal(self, number: int) -> None:
        """Send a signal to the supervisor alone."""
        assert self.process is not None
        self.process.send_signal(number)

    def wait(self) -> int:
        """Wait for the end of the command and give its exit code."""
        assert self.process is not None
        return self.process.wait(READY_TIMEOUT)

    def kill(self) -> None:
        """Kill the supervisor outright; its children must follow by themselves."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture
def copy_project(tmp_path: Path) -> Iterator[Callable[[str], Launcher]]:
    """Make copies of the project in named folders; whatever they started is stopped afterwards."""
    launchers = []

    def copy(name: str) -> Launcher:
        folder = tmp_path / name
        shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
        launchers.append(Launcher(folder))
        return launchers[-1]

    yield copy
    for launcher in launchers:
        launcher.kill()
        wait_gone(launcher.folder)
        # The compiled modules of the copy, where they are kept away from the sources.
        if sys.pycache_prefix:
            shutil.rmtree(f"{sys.pycache_prefix}{launcher.folder}", ignore_errors=True)


@pytest.fixture
def port() -> int:
    """A port nobody uses at this moment."""
    return free_port()
