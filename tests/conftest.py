"""The test environment: a real PostgreSQL, the web login, a scope, a client that starts as a stranger."""

import os
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, TransactionTestCase
from hypothesis import settings as hypothesis_settings
from psycopg import sql

from portal.tenancy import scope, unscoped
from tests.fixtures.database import create_database

pytest_plugins = [
    "tests.fixtures.collector",
    "tests.fixtures.worker",
    "tests.fixtures.browser",
    "tests.fixtures.smtp",
    "tests.fixtures.oidc",
    "tests.fixtures.shelf",
    "tests.fixtures.administration",
]

# A busy machine must not fail a property: how long something takes is measured in bench/.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")

KEPT_TABLES = {"django_migrations", "django_content_type", "auth_permission"}


def owner_url(database: str) -> str:
    """The owner's address of a database of the test cluster."""
    return os.environ["DATABASE_OWNER_URL"].rsplit("/", 1)[0] + f"/{database}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """Give this process its own migrated database, and connect to it as the web login."""
    name = f"test_ep_{worker_id}"
    web = dict(connection.settings_dict)
    owner = settings.DATABASES["default"]["OWNER"]

    def migrate(database: str) -> None:
        connection.settings_dict.update(NAME=database, USER=owner["USER"], PASSWORD=owner["PASSWORD"])
        call_command("migrate", verbosity=0)
        connection.close()

    with django_db_blocker.unblock():
        connection.close()
        create_database(os.environ["DATABASE_OWNER_URL"], name, migrate)
        connection.settings_dict.update(NAME=name, USER=web["USER"], PASSWORD=web["PASSWORD"])
        settings.DATABASES["default"]["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    for opened in _owners.values():
        opened.close()


RESTART_NUMBERS = """
    SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence
    JOIN pg_depend ON objid = seqrelid AND deptype IN ('a', 'i')
    WHERE refobjid = ANY (%s::regclass[])
"""


_owners: dict[str, psycopg.Connection] = {}


def _owner(database: str) -> psycopg.Connection:
    """The owner's connection to a test database, kept: a new one would read the whole catalogue each time."""
    owner = _owners.get(database)
    if owner is None or owner.closed:
        owner = _owners[database] = psycopg.connect(owner_url(database), autocommit=True)
    return owner


def _empty_tables(self: TransactionTestCase) -> None:
    """Empty the tables as the owner: the web login may not.

    Row by row where there are rows, under a role no trigger hears (the journal refuses it otherwise): TRUNCATE
    makes the files of every table and index again, which takes longer than most tests.
    """
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in KEPT_TABLES
    }
    _wait_for_the_site()
    any_row = sql.SQL("(SELECT {} FROM {} LIMIT 1)")
    filled = sql.SQL(" UNION ALL ").join(
        any_row.format(sql.Literal(table), sql.Identifier(table)) for table in sorted(tables)
    )
    owner = _owner(connection.settings_dict["NAME"])
    with owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        for (table,) in owner.execute(filled).fetchall():
            owner.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        owner.execute(RESTART_NUMBERS, [sorted(tables)])


def _wait_for_the_site() -> None:
    """Let the requests a closed page left behind end: they would deadlock with the emptying."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with unscoped(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND usename = current_user AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)


TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[method-assign]


@pytest.fixture
def _django_db_helper(_made_before: None, _django_db_helper: None) -> None:
    """The transaction of a test, inside that of the world it starts from."""


@pytest.fixture(autouse=True)
def _scope(request: pytest.FixtureRequest) -> Iterator[None]:
    """The body of a test works as the system; what it asks of the site opens its own scope.

    In a test with real transactions, write inside `transaction.atomic()`: the scope lives in a transaction.
    """
    names = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if not names and not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    with scope("systeme"):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """What a process remembers for some seconds does not go from one test to the next."""
    cache.clear()


class StrangerClient(Client):
    """A test client whose requests start with no scope, as those of the web do."""

    def request(self, **extra: Any) -> Any:
        with unscoped():
            return super().request(**extra)


@pytest.fixture
def client() -> StrangerClient:
    """A client that has not signed in."""
    return StrangerClient()
