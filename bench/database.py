"""Databases of the benchmark: created as the owner, migrated, filled, then used by the web login."""

import os
import subprocess
import sys
import urllib.parse

import psycopg

from bench.fill import fill


def with_database(url: str, name: str) -> str:
    """The same address with another database."""
    return urllib.parse.urlsplit(url)._replace(path=f"/{name}").geturl()


def environment(name: str, settings: str) -> dict[str, str]:
    """The environment of a process that works on the database `name`."""
    return {
        **os.environ,
        "DATABASE_URL": with_database(os.environ["DATABASE_URL"], name),
        "DATABASE_OWNER_URL": with_database(os.environ["DATABASE_OWNER_URL"], name),
        "DJANGO_SETTINGS_MODULE": settings,
        "DEMO": "0",
    }


def manage(name: str, *arguments: str, role: str = "web") -> None:
    """Run a management command on a database of the benchmark."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={**environment(name, "bench.settings"), "PORTAL_DATABASE_ROLE": role},
        check=True,
    )


def create(name: str, size: int) -> int:
    """Create, migrate and fill the database `name` with `size` demandes, from nothing.

    Gives the id of the demande whose detail is measured: ten messages, three pièces.
    """
    create_empty(name)
    with psycopg.connect(with_database(os.environ["DATABASE_OWNER_URL"], name)) as owner:
        # The owner of the tables is not held by their policies: that is what filling needs.
        detailed = fill(owner, size)
    manage(name, "sweep", "statistiques")
    manage(name, "sweep", "delais_habituels")
    return detailed


def create_empty(name: str) -> None:
    """Create and migrate the database `name`, with the reference data only."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        # Without FORCE, which would be refused while an autovacuum is at work there: this one sends it away.
        owner.execute(psycopg.sql.SQL("DROP DATABASE IF EXISTS {}").format(psycopg.sql.Identifier(name)))
        owner.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    manage(name, "migrate", "--verbosity=0", role="owner")
    manage(name, "load_reference")
