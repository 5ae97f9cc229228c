"""Who else has the page of a demande open."""

from datetime import timedelta

import pytest
from django.conf import settings

from portal import clock
from portal.sweeps import run
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.models import Presence
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db


def test_a_colleague_is_seen_while_their_page_is_open_and_never_by_the_structure(world):
    demande = world.demande(Statut.EN_COURS)
    address = f"/espace-caisse/demandes/{demande.reference}/"
    mine, theirs = signed_in(world.agent), signed_in(world.conseiller)
    assert "consulte cette demande" not in mine.get(address).content.decode()
    page = theirs.get(address).content.decode()
    assert f"{world.agent.user.get_civilite_display()} N. consulte cette demande." in page
    said = mine.post(f"{address}presence/").json()["texte"]
    assert said.endswith("N. consulte cette demande.")
    with clock.at(clock.now() + timedelta(seconds=80)):
        assert mine.post(f"{address}presence/").json() == {"texte": ""}
    with scope("partenaire", world.structure.pk):
        assert not Presence.objects.exists()
    assert signed_in(world.etranger).post(f"{address}presence/").status_code == 404
    with clock.at(clock.now() + timedelta(hours=2)):
        assert run("presences") == 2


def test_an_open_page_does_not_keep_a_session_alive(world):
    demande = world.demande(Statut.EN_COURS)
    address = f"/espace-caisse/demandes/{demande.reference}/"
    client = signed_in(world.agent)
    client.get(address)
    half = timedelta(seconds=settings.SESSION_IDLE_SECONDS / 2)
    with clock.at(clock.now() + half):
        assert client.post(f"{address}presence/", headers={"X-EP-Passive": "1"}).status_code == 200
    with clock.at(clock.now() + 2 * half + timedelta(minutes=5)):
        assert client.get(address).status_code == 302
