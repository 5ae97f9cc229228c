"""What must hold whatever is built on top: policies in place, the journal untouchable, nothing outside a scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import DatabaseError, connection, transaction
from django.http import StreamingHttpResponse
from django.urls import reverse

from portal.audit.journal import record
from portal.audit.models import Evenement, Verbe
from portal.tenancy import scope, unscoped
from signalements.models import Demande
from tests.conftest import owner_url
from tests.permissions.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    """See `permissions.world`."""
    return build()


@contextmanager
def owner() -> Iterator[psycopg.Connection]:
    """A connection of the owner of the tables to the test database."""
    with psycopg.connect(owner_url(connection.settings_dict["NAME"]), autocommit=True) as found:
        yield found


def test_every_policy_stands_in_the_database() -> None:
    call_command("check", databases=["default"])


@pytest.mark.parametrize(
    ("breaking", "mending", "code"),
    [
        (
            "ALTER TABLE courriels_courriel DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE courriels_courriel ENABLE ROW LEVEL SECURITY",
            "tenancy.E003",
        ),
        (
            "ALTER POLICY note_caisse_all ON signalements_noteinterne RENAME TO zorglub",
            "ALTER POLICY zorglub ON signalements_noteinterne RENAME TO note_caisse_all",
            "tenancy.E004",
        ),
    ],
)
def test_a_policy_that_is_missing_is_said(breaking: str, mending: str, code: str) -> None:
    with owner() as tables:
        tables.execute(breaking)
        try:
            with pytest.raises(SystemCheckError, match=code):
                call_command("check", databases=["default"])
        finally:
            tables.execute(mending)


def scopes(world: World) -> dict[str, Any]:
    """A scope for each of the roles the web login takes."""
    return {
        "partenaire": lambda: scope("partenaire", world.objects["structure_a"].pk),
        "caisse": lambda: scope("caisse", world.objects["caisse_x"].pk),
        "national": lambda: scope("national"),
        "systeme": lambda: scope("systeme"),
        "connexion": unscoped,
    }


@pytest.mark.parametrize("realm", ["partenaire", "caisse", "national", "systeme", "connexion"])
@pytest.mark.parametrize(
    "statement",
    ["TRUNCATE audit_evenement", "UPDATE audit_evenement SET objet = ''", "DELETE FROM audit_evenement"],
)
def test_nobody_changes_the_journal(world: World, realm: str, statement: str) -> None:
    record(Verbe.CREATION, objet="demande", objet_id="invariant")
    refused = pytest.raises(DatabaseError, match="permission denied")
    with scopes(world)[realm](), connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(statement)
    assert Evenement.objects.filter(objet_id="invariant").count() == 1


@pytest.mark.parametrize(
    "statement",
    ["TRUNCATE audit_evenement", "UPDATE audit_evenement SET objet = ''", "DELETE FROM audit_evenement"],
)
@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_changes_the_journal(statement: str) -> None:
    with transaction.atomic():
        record(Verbe.CREATION, objet="demande", objet_id="invariant")
    with owner() as tables:
        with pytest.raises(psycopg.Error, match="append-only"):
            tables.execute(statement)
        assert tables.execute("SELECT count(*) FROM audit_evenement WHERE objet <> ''").fetchone() == (1,)


def test_no_request_runs_in_a_transaction_that_ends_before_its_page_is_drawn(world: World) -> None:
    """A page drawn after its view (the admin's) still sees the rows; with ATOMIC_REQUESTS it would see none."""
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False
    response = world.client("admin_x").get(reverse("admin:partners_convention_changelist"))
    assert response.is_rendered
    assert world.objects["convention_a"].reference in response.content.decode()


def references() -> Iterator[str]:
    """What a careless view would stream."""
    for row in Demande.objects.all():
        yield row.reference


def test_a_stream_read_after_its_scope_shows_nothing(world: World) -> None:
    """A queryset must be read before it is streamed: afterwards nobody is known and the database refuses."""
    with scope("partenaire", world.objects["structure_a"].pk):
        assert Demande.objects.exists()
        response = StreamingHttpResponse(references())
    with unscoped(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        list(response.streaming_content)


def test_a_scope_outside_a_transaction_gives_no_right(world: World) -> None:
    with unscoped(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, nullif(current_setting('app.tenant', true), '')")
        assert cursor.fetchone() == ("ep_web", None)


def test_what_a_task_sees_is_what_its_scope_says(world: World) -> None:
    """The same code, run for a structure, a caisse, another caisse, the national level, nobody."""
    seen = {}
    for name, realm in {
        **scopes(world),
        "autre": lambda: scope("caisse", world.objects["caisse_y"].pk),
    }.items():
        with realm():
            try:
                with transaction.atomic():
                    seen[name] = set(Demande.objects.values_list("partenaire_id", "caisse_id"))
            except DatabaseError:
                seen[name] = set()
    a = (world.objects["structure_a"].pk, world.objects["caisse_x"].pk)
    b = (world.objects["structure_b"].pk, world.objects["caisse_y"].pk)
    assert seen == {
        "partenaire": {a},
        "caisse": {a},
        "autre": {b},
        "national": set(),
        "connexion": set(),
        "systeme": {a, b},
    }
