"""Processes stop when asked, are killed with their whole group when they do not, and never outlive their parent."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portal.embedded.console import LauncherError, ServerFailed
from portal.embedded.processes import Service, end_leftover, spawn, wait_until
from portal.embedded.running import listen, wanted_port
from tests.embedded.conftest import processes_in, wait_gone

SLEEP = "import time; print('STARTED', flush=True); time.sleep(300)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEP}"
FAMILY = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {DEAF!r}]); {DEAF}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder the processes of one test work in, by which they are found."""
    place = tmp_path / "work"
    place.mkdir()
    return place


def service(folder: Path, script: str) -> Service:
    """A service that runs a Python script."""
    return Service(
        name="sleeper",
        label="Le dormeur",
        command=[sys.executable, "-c", script],
        log=folder.parent / "sleeper.log",
        environment=dict(os.environ),
        folder=folder,
    )


def started(running: Service, count: int = 1) -> Service:
    """Start it and wait until its processes said so."""
    running.start()
    wait_until(
        lambda: running.log.exists() and running.log.read_text().count("STARTED") >= count,
        alive=running.require_alive,
        timeout=30,
        what="sleeper",
    )
    return running


def test_a_service_stops_when_asked(folder: Path) -> None:
    running = started(service(folder, SLEEP))
    assert running.exit_code is None
    running.stop()
    assert processes_in(folder) == []


def test_a_deaf_service_is_killed_with_its_children(folder: Path) -> None:
    running = started(service(folder, FAMILY), count=2)
    assert len(processes_in(folder)) == 2
    running.stop(timeout=0.2)
    assert wait_gone(folder) == []


def test_a_service_that_ends_at_once_shows_the_end_of_its_log(folder: Path) -> None:
    failing = service(folder, "import sys; sys.exit('port déjà pris')")
    failing.start()
    with pytest.raises(ServerFailed, match="port déjà pris"):
        wait_until(lambda: False, alive=failing.require_alive, timeout=30, what="Le dormeur")
    failing.stop()


def test_a_child_does_not_outlive_a_killed_parent(folder: Path) -> None:
    script = (
        "import sys, time\n"
        "from portal.embedded.processes import spawn\n"
        f"spawn([sys.executable, '-c', {SLEEP!r}], cwd={str(folder)!r})\n"
        "time.sleep(300)\n"
    )
    parent = spawn([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"STARTED\n"
    assert len(processes_in(folder)) == 1
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_gone(folder) == []


def test_a_leftover_is_ended_only_when_it_is_ours(folder: Path) -> None:
    running = started(service(folder, f"# {folder}\n{SLEEP}"))
    assert running.process is not None
    end_leftover(running.process.pid, "something else", signal.SIGTERM)
    assert running.exit_code is None
    end_leftover(running.process.pid, str(folder), signal.SIGKILL)
    assert running.process.wait() == -signal.SIGKILL
    running.stop()


def test_a_busy_port_gives_the_next_free_one() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        wanted = busy.getsockname()[1]
        listener = listen(wanted)
        with listener:
            assert wanted < listener.getsockname()[1] <= wanted + 200


@pytest.mark.parametrize(("text", "expected"), [("", 8000), (" 8123 ", 8123), ("1", 1), ("65535", 65535)])
def test_the_port_comes_from_the_environment(
    text: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", text)
    assert wanted_port() == expected


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "80.5"])
def test_a_port_that_is_none_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(LauncherError, match="PORT doit être un nombre"):
        wanted_port()


def test_waiting_ends_with_a_sentence() -> None:
    with pytest.raises(ServerFailed, match="Redis ne répond pas"):
        wait_until(lambda: False, alive=lambda: None, timeout=0.05, what="Redis")
