"""Redis stopped or silent while a demande is sent: it is sent, its mails wait in the database."""

import socket
from collections.abc import Iterator

import kombu.pools
import pytest
from django.db import transaction

from portal.celery import app
from portal.courriels.models import Courriel
from signalements.enums import Statut
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import draft, url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["stopped", "silent"])
def dead_redis(request) -> Iterator[None]:
    """A broker whose port is closed, or that takes the call and never answers."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=5)
    port = listener.getsockname()[1]
    if request.param == "stopped":
        listener.close()
    before = app.conf.broker_url
    kombu.pools.reset()
    app.conf.broker_url = f"redis://127.0.0.1:{port}/0"
    app._pool = None
    app.amqp._producer_pool = None
    yield
    kombu.pools.reset()
    app.conf.broker_url = before
    app._pool = None
    app.amqp._producer_pool = None
    listener.close()


def test_a_demande_is_sent_without_redis(client, monde, dead_redis):
    with transaction.atomic():
        demande = draft(monde)
        sign_in(client, monde.technicien)
    response = client.post(url("etape", demande, "verification"))
    assert response.url == url("confirmation", demande)
    with transaction.atomic():
        demande.refresh_from_db()
        waiting = Courriel.objects.filter(reference=demande.reference, envoye_le__isnull=True)
        assert waiting.count() == 2
    assert demande.statut == Statut.ENVOYEE


def test_a_file_is_taken_in_without_redis(client, monde, dead_redis):
    from tests.signalements.partner.test_pieces import add

    with transaction.atomic():
        demande = draft(monde)
        sign_in(client, monde.technicien)
    assert add(client, demande).json()["etat"] == "EN_ANALYSE"
