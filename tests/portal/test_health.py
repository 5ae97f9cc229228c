"""The status pages answer everybody, whatever is away, and give nothing about anybody."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from portal import clock, health
from portal.courriels.outbox import queue
from portal.courriels.types import type_of
from portal.models import Balayage

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive() -> None:
    """A worker that has just finished a sweep."""
    Balayage.objects.create(nom="courriels", debut=Now(), fin=Now())


def test_the_process_is_live(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        response = client.get("/etat/live")
    assert response.json() == {"live": True}


def test_everything_works(client: Client, alive: None) -> None:
    response = client.get("/etat/ready")
    assert response.status_code == 200
    assert response.json()["ready"] is True
    assert response.json()["degraded"] == []
    page = client.get("/etat/").content.decode()
    assert "Le portail fonctionne normalement." in page
    assert "Non configuré" in page


def test_a_silent_worker_degrades_and_stops_nobody(client: Client) -> None:
    assert client.get("/etat/ready").json()["degraded"] == ["worker"]
    Balayage.objects.create(nom="courriels", debut=Now(), fin=clock.now() - timedelta(minutes=10))
    response = client.get("/etat/ready")
    assert (response.status_code, response.json()["degraded"]) == (200, ["worker"])
    assert "Dernier passage il y a 10 minutes" in client.get("/etat/").content.decode()


def test_old_mails_show(client: Client, alive: None) -> None:
    with clock.at(clock.now() - timedelta(hours=3)):
        queue(type_of("demande_recue"), cle="1", equipe="mas@cpam.example")
    assert client.get("/etat/ready").json()["degraded"] == ["courriels"]
    assert "Le plus ancien attend depuis 3 heures." in client.get("/etat/").content.decode()


def test_redis_away_degrades(client: Client, alive: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/etat/ready").json()["degraded"] == ["redis"]


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere"])
def test_an_antivirus_away_degrades(client: Client, alive: None, settings: Any, url: str) -> None:
    settings.CLAMAV_URL = url
    assert client.get("/etat/ready").json()["degraded"] == ["antivirus"]


def test_missing_migrations_are_not_ready(client: Client, monkeypatch: Any) -> None:
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(health, "_structure_seen", False)
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("one", False)])
    response = client.get("/etat/ready")
    assert (response.status_code, response.json()["ready"]) == (503, False)


def test_the_database_away_is_said_calmly(monkeypatch: Any) -> None:
    from django.db import connection

    client = Client()
    client.cookies["ep_session"] = "anything"
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", _refuse)
        answers = [client.get(path) for path in ("/etat/ready", "/etat/")]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "Rien n’est perdu" in answers[1].content.decode()


def _refuse(*args: Any, **kwargs: Any) -> None:
    from django.db import OperationalError

    raise OperationalError


def test_a_maintenance_closes_everything_but_the_status(client: Client, settings: Any) -> None:
    settings.MAINTENANCE = "14 h"
    response = client.get("/")
    assert response.status_code == 503
    assert "jusqu’au 14 h" in response.content.decode()
    assert response.headers["Retry-After"] == "600"
    assert client.get("/etat/live").status_code == 200


def test_nothing_but_reading(client: Client) -> None:
    for path in ("/etat/", "/etat/live", "/etat/ready"):
        assert client.post(path).status_code == 405
        assert client.head(path).status_code == 200


def test_durations_in_words() -> None:
    assert health.duration(timedelta(seconds=1)) == "1 seconde"
    assert health.duration(timedelta(minutes=3)) == "3 minutes"
    assert health.duration(timedelta(days=2)) == "2 jours"
