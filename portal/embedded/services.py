"""PostgreSQL and Redis together: the part every command needs, started only where the caller brings none."""

import contextlib
import os
from collections.abc import Iterator

from portal.embedded.console import LauncherError, step
from portal.embedded.environment import Secrets, base_environment, external_services
from portal.embedded.layout import Layout
from portal.embedded.postgres import Cluster
from portal.embedded.processes import Service
from portal.embedded.redis_server import RedisServer


class Services:
    """The servers of one stack, and the environment that leads to them."""

    def __init__(self, layout: Layout, *, settings: str, throwaway: bool = False) -> None:
        self.layout = layout
        self.throwaway = throwaway
        layout.create()
        self.secrets = Secrets.load(layout)
        self.environment = base_environment(layout, self.secrets, settings=settings)
        self.running: list[Service] = []

    def start(self) -> None:
        """Start what the caller does not bring, and complete the environment."""
        own_postgres, own_redis = external_services()
        if own_postgres:
            if not os.environ.get("DATABASE_OWNER_URL"):
                raise LauncherError(
                    "DATABASE_URL est donné sans DATABASE_OWNER_URL : les migrations ont besoin du second."
                )
        else:
            self._start_postgres()
        if not own_redis:
            self._start_redis()

    def _start_postgres(self) -> None:
        cluster = Cluster(self.layout, self.secrets.postgres, throwaway=self.throwaway)
        if not cluster.exists:
            with step("Création de la base PostgreSQL", done="faite"):
                cluster.create()
        with step("PostgreSQL"):
            service = self._run(cluster.service())
            cluster.wait(service)
            cluster.bootstrap()
        self.environment |= {"DATABASE_URL": cluster.web_url, "DATABASE_OWNER_URL": cluster.owner_url}

    def _start_redis(self) -> None:
        server = RedisServer(self.layout, throwaway=self.throwaway)
        with step("Redis"):
            server.wait(self._run(server.service()))
        self.environment["REDIS_URL"] = server.url

    def _run(self, service: Service) -> Service:
        self.running.append(service)
        service.start()
        return service

    def stop(self) -> None:
        """Stop the servers in the reverse order of their start."""
        while self.running:
            self.running.pop().stop()

    @contextlib.contextmanager
    def serving(self) -> Iterator[dict[str, str]]:
        """Run the servers for the length of a block, giving the environment that leads to them."""
        try:
            self.start()
            yield self.environment
        finally:
            self.stop()
