"""A portal of its own: PostgreSQL, Redis and gunicorn started for these tests, which may stop and kill them."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from portal.embedded.environment import Secrets, base_environment
from portal.embedded.layout import PROJECT, Layout
from portal.embedded.postgres import Cluster
from portal.embedded.processes import Service, kill_group, tail, wait_until
from portal.embedded.redis_server import RedisServer

# What a person would wait for an answer; an answer that takes longer fails the test.
PATIENCE = 3.0
START_TIMEOUT = 90.0
CSRF = "a" * 32
SWEEP = """
import sys, django
django.setup()
from django.core.management import call_command
for _ in range(int(sys.argv[2])):
    call_command("sweep", sys.argv[1])
"""


class Site:
    """The servers, the web process, and a client that is the technicien's browser."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.layout = Layout(folder, "site")
        self.layout.create()
        secrets = Secrets.load(self.layout)
        self.cluster = Cluster(self.layout, secrets.postgres, throwaway=True)
        self.redis_server = RedisServer(self.layout, throwaway=True)
        self.environment = {
            **base_environment(self.layout, secrets, settings="portal.settings.test"),
            "DATABASE_URL": self.cluster.web_url,
            "DATABASE_OWNER_URL": self.cluster.owner_url,
            "REDIS_URL": self.redis_server.url,
            "PYTHONWARNINGS": "default",
            **environment,
        }
        self.running: list[Service] = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self.listener.getsockname()[1]
        self.postgres: Service
        self.redis: Service
        self.seeded: dict[str, Any] = {}

    # --- Starting and stopping

    def start(self, *, drafts: int, migrated: str) -> None:
        """Start everything on a copy of the migrated database at this address, with its data."""
        self.cluster.create()
        self.start_postgres()
        self.cluster.bootstrap()
        self.start_redis()
        self._copy(migrated)
        seed = self.python("-m", "tests.resilience.seed", str(drafts))
        self.seeded = json.loads(seed.splitlines()[-1])
        self.web = self.run(
            "web", "-m", "gunicorn", "portal.wsgi:application", "--bind", f"fd://{self.listener.fileno()}",
            "--worker-class", "gthread", "--workers", "1", "--threads", "4", "--no-control-socket",
            pass_fds=(self.listener.fileno(),),
        )  # fmt: skip
        wait_until(self._lives, alive=self.web.require_alive, timeout=START_TIMEOUT, what="the web server")
        # A process that has just started loads what it needs at its first requests.
        _, confirmation, _ = self.send(self.seeded["references"].pop(), patience=START_TIMEOUT)
        assert self.ask("GET", confirmation, patience=START_TIMEOUT)[0] == 200

    def _copy(self, migrated: str) -> None:
        """Copy a database of another cluster: to migrate again would take ten times as long."""
        programs = self.cluster.binaries
        dumped = subprocess.run(
            [programs / "pg_dump", "--no-comments", migrated], check=True, stdout=subprocess.PIPE
        )
        restore = [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction"]
        subprocess.run(
            [*restore, self.cluster.owner_url], input=dumped.stdout, check=True, stdout=subprocess.DEVNULL
        )

    def start_postgres(self) -> None:
        """Start (again) the database server."""
        self.postgres = self.cluster.service()
        self.postgres.start()
        self.cluster.wait(self.postgres)

    def start_redis(self) -> None:
        """Start (again) Redis."""
        self.redis = self.redis_server.service()
        self.redis.start()
        self.redis_server.wait(self.redis)

    def run(self, name: str, *arguments: str, pass_fds: tuple[int, ...] = ()) -> Service:
        """Start a Python process of the portal; it ends with the site."""
        service = Service(
            name=name,
            label=name,
            command=[sys.executable, *arguments],
            log=self.layout.log(name),
            environment=self.environment,
            folder=PROJECT,
            death_signal=signal.SIGKILL,
        )
        service.pass_fds = pass_fds
        service.start()
        self.running.append(service)
        return service

    def worker(self) -> Service:
        """Start a Celery worker and wait until it listens."""
        service = self.run(
            "worker", "-m", "celery", "--app", "portal.celery", "worker", "--concurrency", "1",
            "--loglevel", "INFO", "--without-gossip", "--without-mingle",
        )  # fmt: skip
        wait_until(
            lambda: " ready." in self.log("worker"),
            alive=service.require_alive,
            timeout=START_TIMEOUT,
            what="the worker",
        )
        return service

    def stop(self) -> None:
        """Stop whatever runs."""
        self.listener.close()
        for service in reversed(self.running):
            if service.process is not None and service.exit_code is None:
                kill_group(service.process.pid)
                service.process.wait()
        for service in (self.redis, self.postgres):
            if service.process is not None and service.exit_code is None:
                service.process.send_signal(signal.SIGCONT)
                service.stop()

    # --- Looking

    def log(self, name: str) -> str:
        """The end of what a process wrote."""
        return tail(self.layout.log(name), 200)

    def python(self, *arguments: str) -> str:
        """Run a Python command of the portal to its end and give what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env={**self.environment, "PYTHONPATH": str(PROJECT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sweep(self, name: str, *, times: int) -> None:
        """Run one sweep by hand, several times over."""
        self.python("-c", SWEEP, name, str(times))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the owner of the tables reads."""
        with psycopg.connect(self.cluster.owner_url) as owner:
            return owner.execute(query, values).fetchall()

    def execute(self, statement: str) -> None:
        """What the owner of the tables does."""
        with psycopg.connect(self.cluster.owner_url, autocommit=True) as owner:
            owner.execute(statement)

    def state(self, reference: str) -> tuple[str, int, int]:
        """A demande: its status, how many passages it went through, how many mails wait or left."""
        ((status, passages),) = self.rows(
            "SELECT d.statut, (SELECT count(*) FROM signalements_passage p WHERE p.demande_id = d.id) "
            "FROM signalements_demande d WHERE d.reference = %s",
            reference,
        )
        ((mails,),) = self.rows("SELECT count(*) FROM courriels_courriel WHERE reference = %s", reference)
        return status, passages, mails

    # --- Asking

    def ask(
        self,
        method: str,
        path: str,
        data: dict[str, str] | None = None,
        *,
        patience: float = PATIENCE,
        **headers: str,
    ) -> tuple[int, str, str]:
        """What the site answers to the technicien: status, address it leads to, body."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        body = urlencode(data or {}) if method == "POST" else None
        sent = {
            "Cookie": f"ep_session={self.seeded['session']}; ep_csrf={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
            **headers,
        }
        try:
            link.request(method, path, body, sent)
            response = link.getresponse()
            return response.status, response.headers.get("Location", ""), response.read().decode()
        finally:
            link.close()

    def send(self, reference: str, *, patience: float = PATIENCE) -> tuple[int, str, str]:
        """Press « Envoyer la demande à la caisse »."""
        return self.ask(
            "POST", f"/espace-partenaire/demandes/{reference}/etape/verification/", patience=patience
        )

    def _lives(self) -> bool:
        try:
            return self.ask("GET", "/etat/live")[0] == 200
        except OSError:
            return False


def signal_to(service: Service, number: int) -> None:
    """Send a signal to a server."""
    assert service.process is not None
    os.kill(service.process.pid, number)
