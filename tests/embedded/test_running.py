"""The whole portal as `make run` starts it: its life from the first start to a killed supervisor."""

import http.client
import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from portal.embedded.processes import free_port
from tests.embedded.conftest import READY_TIMEOUT, Launcher, processes_in, wait_gone

pytestmark = pytest.mark.stack

LONG_NAME = "-".join(["un-dossier-au-nom-vraiment-long"] * 5)
READY = "Pour arrêter"
RESTART_TIMEOUT = 180.0


def address(launcher: Launcher) -> tuple[str, int]:
    """Where the portal said it answers."""
    found = re.search(r"est prêt \([\d,]+\s?s\) : http://([\d.]+):(\d+)", launcher.text)
    assert found, launcher.text
    return found[1], int(found[2])


def status(launcher: Launcher, path: str) -> int:
    """The status of a page of the running portal."""
    connection = http.client.HTTPConnection(*address(launcher), timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def first_visitor(port: int) -> int:
    """The status a page gives to somebody who asks while the database is being made, and waits."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=READY_TIMEOUT)
    try:
        connection.request("GET", "/connexion/")
        return connection.getresponse().status
    finally:
        connection.close()


def children(launcher: Launcher) -> dict[str, int]:
    """The processes the supervisor started, by what they run."""
    marks = {
        "web": "gunicorn", "worker": " worker ", "beat": " beat ", "redis": "redis.conf", "postgres": "postgres -D",
    }  # fmt: skip
    assert launcher.process is not None
    found = {}
    for line in processes_in(launcher.folder):
        pid, _, command = line.partition(" ")
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and int(stat.read_text().rsplit(") ", 1)[1].split()[1]) == launcher.process.pid:
            found |= {name: int(pid) for name, mark in marks.items() if mark in command}
    return found


def owner_url(launcher: Launcher) -> str:
    """The owner's login, read where the web server itself reads it."""
    environment = Path(f"/proc/{children(launcher)['web']}/environ").read_bytes().decode().split("\0")
    return dict(line.split("=", 1) for line in environment if "=" in line)["DATABASE_OWNER_URL"]


def test_the_life_of_two_portals(copy_project: Callable[[str], Launcher], port: int) -> None:
    """One test: each start costs seconds, and each part of this story begins where the one before ended."""
    first, beside = copy_project(LONG_NAME), copy_project("voisin")
    first.start("run", PORT=str(port))
    first.wait_for("PostgreSQL")
    with ThreadPoolExecutor(1) as visitors:
        answer = visitors.submit(first_visitor, port)
        first.wait_for(READY)
        assert answer.result() == 200
    assert "Structure de la base" in first.text
    assert address(first) == ("127.0.0.1", port)
    _is_whole(first)

    # A second start in the same folder says where the first one is.
    again = first.call("run", PORT=str(port))
    assert again.returncode == 0
    assert f"déjà démarré : http://127.0.0.1:{port}" in again.stdout
    assert first.call("reset").returncode == 1

    # Whatever dies is started again.
    before = children(first)
    for name in ("worker", "redis", "web", "postgres"):
        os.kill(before[name], signal.SIGKILL)
    deadline = time.monotonic() + RESTART_TIMEOUT
    while not _all_replaced(before, children(first)) or status(first, "/etat/ready") != 200:
        assert time.monotonic() < deadline, first.text
        time.sleep(0.2)
    assert first.text.count("nouveau démarrage") >= 4

    with psycopg.connect(owner_url(first)) as owner:
        owner.execute("CREATE TABLE kept_between_starts AS SELECT 1 AS one")

    # Ctrl-C: an orderly stop, in silence, of everything.
    first.signal(signal.SIGINT)
    assert first.wait() == 0
    assert processes_in(first.folder) == []
    assert "Tout est arrêté" in first.text
    assert "Traceback" not in first.text

    # The next start finds its data, and has nothing to prepare; so has a neighbour given a copy of them.
    shutil.copytree(first.folder / ".local", beside.folder / ".local")
    port = free_port()
    first.start("run", PORT=str(port))
    first.wait_for("PostgreSQL")
    beside.start("run", PORT=str(port))
    for launcher in (first, beside):
        launcher.wait_for(READY)
        assert "Structure de la base" not in launcher.text
        _is_whole(launcher)
        with psycopg.connect(owner_url(launcher)) as owner:
            assert owner.execute("SELECT one FROM kept_between_starts").fetchone() == (1,)

    # Side by side: the second asked for the same port and took the next free one, and says so.
    assert address(first) == ("127.0.0.1", port)
    assert address(beside)[1] > port
    assert f"Le port {port} est occupé" in beside.text

    # kill -9 of the supervisor: the kernel tells its children, and the neighbour's live on.
    beside.kill()
    assert wait_gone(beside.folder) == []
    _is_whole(first)
    first.signal(signal.SIGTERM)
    assert first.wait() == 0
    assert processes_in(first.folder) == []


def _is_whole(launcher: Launcher) -> None:
    assert status(launcher, "/etat/ready") == 200
    assert children(launcher).keys() == {"web", "worker", "beat", "redis", "postgres"}
    assert "tech.valbrume" in launcher.text
    assert "Cerisier-Lanterne-47-Orage" in launcher.text


def _all_replaced(before: dict[str, int], after: dict[str, int]) -> bool:
    return after.keys() == before.keys() and all(
        after[name] != before[name] for name in ("worker", "redis", "web", "postgres")
    )


def test_a_port_that_is_no_port_is_refused_in_one_sentence(copy_project: Callable[[str], Launcher]) -> None:
    answer = copy_project("clone").call("run", PORT="huit-mille")
    assert (answer.returncode, answer.stderr) == (1, "")
    assert "PORT doit être un nombre de 1 à 65535" in answer.stdout
