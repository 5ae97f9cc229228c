"""`run`: the whole portal on this machine, supervised until somebody stops it.

Order of start: lock, PostgreSQL, Redis, migrations and data, web, worker, beat. Order of stop: web, beat, worker,
Redis, PostgreSQL. A process that dies is started again; one that keeps dying stops the portal.
"""

import collections
import contextlib
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from json import dumps
from types import FrameType

from portal.embedded import demo_accounts
from portal.embedded.console import LauncherError, say, seconds, step
from portal.embedded.environment import external_services
from portal.embedded.layout import PROJECT, Layout, Lock, read_json, write_private
from portal.embedded.preparation import prepare
from portal.embedded.processes import Service, die_with_parent, kill_group, wait_until
from portal.embedded.services import Services

DEFAULT_PORT = 8000
PORTS_TRIED = 200
READY_TIMEOUT = 180.0
WATCH_PERIOD = 0.5
RESTART_PAUSE = 1.0
DEATHS_ALLOWED = 5
DEATHS_WINDOW = 60.0


class StopRequested(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


def run() -> int:
    """Start the portal and stay until a stop is asked for; the exit code is 0 for an orderly stop."""
    started = time.monotonic()
    layout = Layout(PROJECT, "run")
    layout.create()
    lock = Lock(layout)
    if not lock.acquire():
        return _say_already_running(layout)
    if os.environ.get("MAKELEVEL"):
        die_with_parent()
    try:
        with _stop_signals():
            return Portal(layout).serve(started)
    except StopRequested:
        return 0
    finally:
        layout.state_file.unlink(missing_ok=True)
        lock.release()


def _say_already_running(layout: Layout) -> int:
    state = read_json(layout.state_file)
    say(f"Le portail de ce dossier est déjà démarré : {state.get('url', 'démarrage en cours')}")
    if "pid" in state:
        say(f"Pour l’arrêter : Ctrl-C dans son terminal, ou « kill {state['pid']} ».")
    return 0


@contextlib.contextmanager
def _stop_signals() -> Iterator[None]:
    """Turn the stop signals into one exception, even where the shell had them ignored for a background job."""

    def stop(number: int, frame: FrameType | None) -> None:
        _ignore_stop_signals()
        raise StopRequested

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_stop_signals() -> None:
    """Once stopping, stop: a second Ctrl-C must not leave processes behind."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def listen(wanted: int) -> socket.socket:
    """Listen on the wanted port of the loopback interface, or on the next free one.

    The supervisor holds the socket and hands it to the web server: nobody can take the port in between, and
    connections wait while the web server starts again.
    """
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(512)
        except OSError:
            listener.close()
            continue
        return listener
    raise LauncherError(f"Aucun port libre à partir de {wanted} : indiquez-en un autre dans PORT.")


def wanted_port() -> int:
    """The port asked for in PORT, 8000 by default."""
    text = os.environ.get("PORT", "").strip() or str(DEFAULT_PORT)
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise LauncherError(f"PORT doit être un nombre de 1 à 65535, et non « {text} ».")
    return int(text)


class Portal:
    """The servers and the three processes of the portal."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.services = Services(layout, settings="portal.settings.embedded")
        self.processes: list[Service] = []
        self.deaths: dict[str, collections.deque[float]] = collections.defaultdict(collections.deque)

    def serve(self, started: float) -> int:
        """Start everything, say where it is, and watch until a stop is asked for."""
        wanted = wanted_port()
        listener = listen(wanted)
        port = listener.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        write_private(self.layout.state_file, dumps({"pid": os.getpid(), "url": url}))
        if port != wanted:
            say(f"Le port {wanted} est occupé : le portail prend le {port}.")
        try:
            self._start(listener, port)
            self._announce(url, started)
            self._watch()
        except StopRequested:
            say("\nArrêt du portail…")
            raise
        finally:
            _ignore_stop_signals()
            listener.close()
            self._stop()
            say("Tout est arrêté ; les données restent dans .local/run.")
        return 1

    def _start(self, listener: socket.socket, port: int) -> None:
        self.services.start()
        environment = self.services.environment
        environment |= {"DEMO": os.environ.get("DEMO") or "1", "PORT": str(port)}
        worker, beat, web = (
            self._worker(environment),
            self._beat(environment),
            self._web(environment, listener),
        )
        self.processes = [worker, beat, web]
        # Connections wait in the socket: the first visitor finds the structure, the grants and the data there.
        prepare(self.layout, environment, remember=not external_services()[0])
        with step("Serveur web, worker et planificateur", done="prêts"):
            web.start()
            worker.start()
            wait_until(
                lambda: is_ready(port),
                alive=self._require_alive,
                timeout=READY_TIMEOUT,
                what="Le serveur web",
            )
            # Nothing is periodic in the first seconds: let the others have the processors.
            beat.start()

    def _python(self, name: str, label: str, environment: dict[str, str], *arguments: str) -> Service:
        return Service(
            name=name,
            label=label,
            command=[sys.executable, "-m", *arguments],
            log=self.layout.log(name),
            environment=environment,
            folder=PROJECT,
        )

    def _worker(self, environment: dict[str, str]) -> Service:
        worker = self._python(
            "worker", "Le worker Celery", environment,
            "celery", "--app", "portal.celery", "worker", "--concurrency", "2", "--loglevel", "INFO",
            "--without-gossip", "--without-mingle",
        )  # fmt: skip
        # Redis dies at the same moment, and a worker that stops in order waits for it without end. Its pool follows
        # it, and what it was doing is still a row to treat.
        worker.death_signal = signal.SIGKILL
        return worker

    def _beat(self, environment: dict[str, str]) -> Service:
        schedule = self.layout.home / "beat-schedule"
        return self._python(
            "beat", "Le planificateur Celery", environment,
            "celery", "--app", "portal.celery", "beat", "--loglevel", "INFO",
            "--schedule", str(schedule), "--pidfile", "",
        )  # fmt: skip

    def _web(self, environment: dict[str, str], listener: socket.socket) -> Service:
        descriptor = listener.fileno()
        web = self._python(
            "web", "Le serveur web", environment,
            "gunicorn", "portal.wsgi:application", "--preload", "--bind", f"fd://{descriptor}",
            "--worker-class", "gthread", "--workers", "2", "--threads", "4",
            "--max-requests", "5000", "--max-requests-jitter", "500",
            "--timeout", "60", "--graceful-timeout", "10", "--no-control-socket",
        )  # fmt: skip
        web.pass_fds = (descriptor,)
        web.death_signal = signal.SIGQUIT
        return web

    def _require_alive(self) -> None:
        for service in (*self.services.running, *self.processes):
            service.require_alive()

    def _announce(self, url: str, started: float) -> None:
        say(f"\nEspace Partenaires est prêt ({seconds(time.monotonic() - started)}) : {url}\n")
        if self.services.environment["DEMO"] == "1":
            for line in demo_accounts.lines():
                say(line)
        say(f"\nPour arrêter : Ctrl-C, ou « kill {os.getpid()} ». Journaux : {self.layout.logs}")

    def _watch(self) -> None:
        """Start again whatever dies; return when something dies again and again."""
        while True:
            time.sleep(WATCH_PERIOD)
            for service in (*self.services.running, *self.processes):
                code = service.exit_code
                if code is None or self._start_again(service, code):
                    continue
                return

    def _start_again(self, service: Service, code: int) -> bool:
        now = time.monotonic()
        deaths = self.deaths[service.name]
        deaths.append(now)
        while deaths[0] < now - DEATHS_WINDOW:
            deaths.popleft()
        cause = f"signal {-code}" if code < 0 else f"code {code}"
        if len(deaths) >= DEATHS_ALLOWED:
            say(f"{service.label} s’arrête sans cesse ({cause}). Fin de son journal, {service.log} :")
            service.require_alive()
            return False
        say(f"{service.label} s’est arrêté ({cause}) : nouveau démarrage.")
        if service.process is not None:
            kill_group(service.process.pid)
        time.sleep(RESTART_PAUSE)
        service.start()
        return True

    def _stop(self) -> None:
        for service in reversed(self.processes):
            service.stop()
        self.services.stop()


def is_ready(port: int) -> bool:
    """Whether the portal answers that it can serve (its database, Redis and migrations are there)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/etat/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
