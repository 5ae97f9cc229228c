"""Every route × method × actor: the answer, and no effect for those who may not."""

from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.permissions import admin_routes, matrix, matrix_admin, routes
from tests.permissions.world import ACTORS, World, build

REFUSALS = {"cnx", "401", "403", "404"}
# What a refusal writes: the journal, and the session of who was refused.
TRACES = {"audit_evenement", "django_session", "accounts_sessionouverte"}
# What pg_stat_xact_user_tables says, without the reading of the indexes, which it counts too.
WRITTEN = """
    SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
        + pg_stat_get_xact_tuples_deleted(oid)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
TABLE = matrix.rows()
ADMIN_TABLE = matrix_admin.rows()
ADMIN = [route for route in routes.all_routes() if route.is_admin]
PORTAL = [route for route in routes.all_routes() if not route.is_admin]


@pytest.fixture
def world(db: None) -> World:
    """See `permissions.world`."""
    return build()


@contextmanager
def undone(client: Client) -> Any:
    """What is done in the block leaves no trace, in the database or in the cookies."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def answer(response: Any) -> str:
    """The answer in the words of the matrix."""
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.split("?")[0] == reverse("accounts:connexion"):
        return "cnx"
    return str(response.status_code)


def written() -> dict[str, int]:
    """How many rows this transaction has written so far, by table; what was rolled back counts too."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return {name: count for name, count in cursor.fetchall() if name not in TRACES}


class Watch:
    """The tables written between two looks; what was rolled back counts too, so one look a request is enough."""

    def __init__(self) -> None:
        self.last = written()

    def changed(self) -> list[str]:
        """The tables written since the last look."""
        before, self.last = self.last, written()
        return [name for name, count in self.last.items() if count != before.get(name, 0)]


def ask(client: Client, method: str, route: routes.Route, world: World) -> Any:
    """Ask a route by a method, with its form."""
    data = routes.form(route, world) if method == "POST" else {}
    response = getattr(client, method.lower())(routes.address(route, world), data)
    if response.streaming:
        response.getvalue()
    return response


def test_every_route_is_in_the_matrix() -> None:
    assert {name for _, name in TABLE} == {route.name for route in PORTAL}
    assert {len(row) for row in TABLE.values()} == {len(ACTORS)}


def test_every_route_of_the_admin_is_in_its_matrix() -> None:
    named = {matrix_admin.place(route.name) for route in ADMIN if "<path:object_id>" not in route.name}
    assert {name for _, name in ADMIN_TABLE} == named


def test_the_forms_and_addresses_are_those_of_routes() -> None:
    names = {route.name for route in PORTAL}
    assert set(routes.ADDRESSES) | set(routes.FORMS) <= names


@pytest.mark.parametrize("actor", ACTORS)
def test_the_matrix(world: World, actor: str) -> None:
    column, client, watch = ACTORS.index(actor), world.client(actor), Watch()
    client.raise_request_exception = False
    wrong = []
    for route in PORTAL:
        for method in ("GET", "POST"):
            expected = TABLE.get((method, route.name))
            if expected is None:
                continue
            with undone(client):
                given = answer(ask(client, method, route, world))
                if given != expected[column]:
                    wrong.append(f"{method} {route.name}: {given} and not {expected[column]}")
                if (changed := watch.changed()) and given in REFUSALS:
                    wrong.append(f"{method} {route.name}: refused, and writes {changed}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("actor", ACTORS)
def test_the_matrix_of_the_admin(world: World, actor: str) -> None:
    client, watch, wrong = world.client(actor), Watch(), []
    client.raise_request_exception = False
    for route in ADMIN:
        for method in ("GET", "POST"):
            if "<path:object_id>" in route.name:
                row = matrix_admin.SHORT_ADDRESS
            else:
                row = ADMIN_TABLE[method, matrix_admin.place(route.name)]
            if actor in matrix_admin.ADMINISTRATORS:
                expected = row[matrix_admin.ADMINISTRATORS.index(actor)]
            else:
                expected = matrix_admin.EVERYBODY_ELSE.get(actor, "403")
            with undone(client):
                response = getattr(client, method.lower())(admin_routes.address(route, world))
                if response.streaming:
                    response.getvalue()
                given = answer(response)
                if given != expected:
                    wrong.append(f"{method} {route.name}: {given} and not {expected}")
                if (changed := watch.changed()) and given in REFUSALS:
                    wrong.append(f"{method} {route.name}: refused, and writes {changed}")
    assert not wrong, "\n".join(wrong)


def test_a_method_without_a_line_is_refused(world: World) -> None:
    wrong = []
    for route in PORTAL:
        lines = {method: row for (method, name), row in TABLE.items() if name == route.name}
        allowed = next(iter(lines.values()))
        actor = next(
            (a for a, given in zip(ACTORS, allowed, strict=True) if given not in REFUSALS), "agent_x"
        )
        client = world.client(actor)
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(lines):
            with undone(client):
                given = answer(ask(client, method, route, world))
            if given != ("404" if route.name.startswith("demo-") else "405"):
                wrong.append(f"{method} {route.name} by {actor}: {given}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("actor", ["anonyme", "technicien_a", "superviseur_x", "gestionnaire_a", "admin_x"])
def test_no_form_is_read_without_its_token(world: World, actor: str) -> None:
    client = world.client(actor)
    client.handler.enforce_csrf_checks = True
    wrong, watch = [], Watch()
    for route in [*PORTAL, *ADMIN]:
        address = (admin_routes if route.is_admin else routes).address(route, world)
        with undone(client):
            given = client.post(address).status_code
            # The status pages answer before anything is read, and take no form at all.
            expected = 405 if route.name.startswith("etat") else 403
            changed = watch.changed()
            if given != expected or changed:
                wrong.append(f"{route.name}: {given}, writes {changed}")
    assert not wrong, "\n".join(wrong)
