"""How periodic work runs: registered once, scheduled, one at a time, journaled, and playable on another day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command

from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.celery import app
from portal.models import Balayage
from portal.tenancy import current_scope
from tests.conftest import owner_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted() -> Iterator[list[object]]:
    """A sweep of three rows in batches of two, which notes what it sees."""
    seen: list[object] = []
    left = [1, 1, 1]

    def work(limit: int) -> int:
        taken = [left.pop() for _ in range(min(limit, len(left)))]
        seen.append((len(taken), clock.today(), current_scope().realm))  # type: ignore[union-attr]
        return len(taken)

    sweeps.sweep("essai", label="Essai", every=timedelta(minutes=1), batch=2)(work)
    yield seen
    del sweeps._sweeps["essai"]


def test_a_sweep_runs_in_batches_as_the_system(noted: list[object]) -> None:
    assert sweeps.run("essai") == 3
    today = clock.today()
    assert noted == [(2, today, "systeme"), (1, today, "systeme")]
    row = Balayage.objects.get(nom="essai")
    assert (row.lignes, row.erreur) == (3, "")
    assert row.fin is not None
    event = Evenement.objects.get(verbe="balayage")
    assert (event.objet_id, event.details["lignes"]) == ("essai", 3)


def test_a_second_run_finds_nothing_and_says_nothing(noted: list[object]) -> None:
    sweeps.run("essai")
    assert sweeps.run("essai") == 0
    assert Evenement.objects.filter(verbe="balayage").count() == 1


def test_the_command_plays_another_day(noted: list[object]) -> None:
    out = StringIO()
    call_command("sweep", "essai", "--at", "2026-12-24", stdout=out)
    assert out.getvalue() == "essai: 3\n"
    assert {day for _, day, _ in noted} == {date(2026, 12, 24)}  # type: ignore[misc]
    # The heartbeat keeps real time: a day played by hand must not look like tomorrow's sign of life.
    assert Balayage.objects.get(nom="essai").fin < datetime.now(UTC) + timedelta(minutes=1)  # type: ignore[operator]  # noqa: TID251


def test_the_command_lists_and_explains() -> None:
    out = StringIO()
    call_command("sweep", "--list", stdout=out)
    assert "Envoi des courriels" in out.getvalue()
    with pytest.raises(CommandError, match="No sweep is called"):
        call_command("sweep", "inconnu")
    with pytest.raises(CommandError, match="Cannot read the date"):
        call_command("sweep", "courriels", "--at", "demain")
    with pytest.raises(CommandError, match="Give the name"):
        call_command("sweep")


def test_a_sweep_that_runs_elsewhere_is_left_alone(noted: list[object]) -> None:
    from django.db import connection

    with psycopg.connect(owner_url(connection.settings_dict["NAME"])) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('sweep:essai', 0))")
        assert sweeps.run("essai") == 0
    assert noted == []
    assert sweeps.run("essai") == 3


def test_a_failing_sweep_is_shown_and_raises() -> None:
    def work(limit: int) -> int:
        raise ZeroDivisionError

    sweeps.sweep("essai", label="Essai", every=timedelta(minutes=1))(work)
    try:
        with pytest.raises(ZeroDivisionError):
            sweeps.run("essai")
    finally:
        del sweeps._sweeps["essai"]
    assert Balayage.objects.get(nom="essai").erreur == "ZeroDivisionError"


def test_a_name_is_taken_once(noted: list[object]) -> None:
    with pytest.raises(ValueError, match="registered twice"):
        sweeps.sweep("essai", label="Essai", every=timedelta(minutes=1))(lambda limit: 0)


def test_beat_asks_for_every_sweep_and_drops_stale_ticks() -> None:
    assert set(app.conf.beat_schedule) == {found.name for found in sweeps.all_sweeps()}
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] == "portal.sweep"
        assert entry["args"] == (name,)
        assert entry["options"]["expires"] >= 5


@pytest.mark.django_db(transaction=True)
def test_every_sweep_runs_as_the_worker_runs_it_outside_a_transaction() -> None:
    for found in sweeps.all_sweeps():
        sweeps.run(found.name)
