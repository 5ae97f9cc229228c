"""Every route × method × actor: the answer, and no effect for those who may not.

Each answer is looked at for more than its status: what it leaks (tests/leaks), what its menu marks.
"""

from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.leaks.canaries import OUTSIDERS, found_in, leaked, read
from tests.permissions import admin_routes, matrix, matrix_admin, menu, routes
from tests.permissions.world import ACTORS, World

pytestmark = pytest.mark.django_db

REFUSALS = {"cnx", "401", "403", "404"}
# What a refusal writes: the journal, and the session of who was refused.
TRACES = {"audit_evenement", "django_session", "accounts_sessionouverte"}
# What pg_stat_xact_user_tables says, without the reading of the indexes, which it counts too.
ROWS = "pg_stat_get_xact_tuples_inserted(t) + pg_stat_get_xact_tuples_updated(t) + pg_stat_get_xact_tuples_deleted(t)"
WRITTEN = f"SELECT sum({ROWS}) FROM unnest(%s::oid[]) AS t"
WRITTEN_BY_TABLE = f"SELECT t, {ROWS} FROM unnest(%s::oid[]) AS t"
TABLES = "SELECT oid, relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
TABLE = matrix.rows()
ADMIN_TABLE = matrix_admin.rows()
ADMIN = [route for route in routes.all_routes() if route.is_admin]
PORTAL = [route for route in routes.all_routes() if not route.is_admin]


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


class Watch:
    """The tables written between two looks; what was rolled back counts too, so one look a request is enough."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            self.names = {oid: name for oid, name in cursor.fetchall() if name not in TRACES}
        self.rows, self.total = self._by_table(), self._total()

    def changed(self) -> list[str]:
        """The tables written since the last look."""
        if (total := self._total()) == self.total:
            return []
        before, self.rows, self.total = self.rows, self._by_table(), total
        return [self.names[oid] for oid, count in self.rows.items() if count != before[oid]]

    def _total(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(WRITTEN, [list(self.names)])
            return int(cursor.fetchone()[0])

    def _by_table(self) -> dict[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(WRITTEN_BY_TABLE, [list(self.names)])
            return dict(cursor.fetchall())


def ask(client: Client, method: str, route: routes.Route, world: World) -> tuple[Any, str]:
    """Ask a route by a method, with its form: the answer, and all it says."""
    data = routes.form(route, world) if method == "POST" else {}
    response = getattr(client, method.lower())(routes.address(route, world), data)
    return response, read(response)


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
def test_the_matrix(world: World, actor: str, caplog: pytest.LogCaptureFixture) -> None:
    column, client, watch = ACTORS.index(actor), world.client(actor), Watch()
    client.raise_request_exception = False
    wrong, marks = [], {}
    for route in PORTAL:
        for method in ("GET", "POST"):
            expected = TABLE.get((method, route.name))
            if expected is None:
                continue
            with undone(client):
                response, text = ask(client, method, route, world)
                given = answer(response)
                if given != expected[column]:
                    wrong.append(f"{method} {route.name}: {given} and not {expected[column]}")
                if (changed := watch.changed()) and given in REFUSALS:
                    wrong.append(f"{method} {route.name}: refused, and writes {changed}")
            if method == "GET" and given == "200":
                marks[route.name] = menu.marked(route.name, response)
            if actor in OUTSIDERS:
                wrong += leaked(world, actor, response.request["PATH_INFO"], text)
    wrong += [f"{name}: {found}" for name, found in marks.items() if found is not None and len(found) != 1]
    assert not wrong, "\n".join(wrong)
    assert actor not in OUTSIDERS or found_in(caplog.text) == []
    if actor == "agent_x":
        pages = {"signalements:traitement", "signalements:complement", "documents:apercu", "accueil"}
        assert all(marks[name] for name in pages)
        assert marks["signalements:vues"] == marks["signalements:raccourcis"] == ["Demandes"]


@pytest.mark.parametrize("actor", ACTORS)
def test_the_matrix_of_the_admin(world: World, actor: str, caplog: pytest.LogCaptureFixture) -> None:
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
                address = admin_routes.address(route, world)
                response = getattr(client, method.lower())(address)
                text, given = read(response), answer(response)
                if given != expected:
                    wrong.append(f"{method} {route.name}: {given} and not {expected}")
                if (changed := watch.changed()) and given in REFUSALS:
                    wrong.append(f"{method} {route.name}: refused, and writes {changed}")
            if actor in OUTSIDERS:
                wrong += leaked(world, actor, address, text)
    assert not wrong, "\n".join(wrong)
    assert actor not in OUTSIDERS or found_in(caplog.text) == []


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
                given = answer(ask(client, method, route, world)[0])
            if given != ("404" if route.name.startswith("demo-") else "405"):
                wrong.append(f"{method} {route.name} by {actor}: {given}")
    assert not wrong, "\n".join(wrong)


def allowed(route: routes.Route) -> str:
    """Somebody a form of this route would be read from."""
    if route.is_admin:
        row = ADMIN_TABLE.get(("POST", matrix_admin.place(route.name)), matrix_admin.SHORT_ADDRESS)
        actors = matrix_admin.ADMINISTRATORS
    else:
        row = TABLE.get(("POST", route.name)) or TABLE["GET", route.name]
        actors = ACTORS
    given = (a for a, code in zip(actors, row, strict=True) if a != "anonyme" and code not in REFUSALS)
    return next(given, actors[1])


@pytest.mark.parametrize("stranger", [True, False])
def test_no_form_is_read_without_its_token(world: World, stranger: bool) -> None:
    wrong, watch = [], Watch()
    for route in [*PORTAL, *ADMIN]:
        address = (admin_routes if route.is_admin else routes).address(route, world)
        client = world.client("anonyme" if stranger else allowed(route))
        client.handler.enforce_csrf_checks = True
        watch.changed()
        with undone(client):
            given = client.post(address).status_code
            # The status pages answer before anything is read, and take no form at all.
            expected = 405 if route.name.startswith("etat") else 403
            changed = watch.changed()
            if given != expected or changed:
                wrong.append(f"{route.name}: {given}, writes {changed}")
    assert not wrong, "\n".join(wrong)
