"""Who enters the caisse's side, and what is a 404."""

import pytest

from accounts.enums import Profil
from portal import clock
from signalements.enums import Statut
from signalements.models import Demande
from tests import factories as f
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db

LISTS = ["/espace-caisse/", "/espace-caisse/file/", "/espace-caisse/file/suivante/"]
READ = ["", "complement/", "decision/", "rouvrir/", "suivante/"]
WRITE = [
    "prendre-en-charge/",
    "rendre/",
    "note/",
    "contact/",
    "message/",
    "complement/",
    "complement/retirer/",
    "decision/",
    "rouvrir/",
]


def url(demande, page=""):
    return f"/espace-caisse/demandes/{demande.reference}/{page}"


def statuses(client, demande):
    return {client.get(url(demande, page)).status_code for page in READ} | {
        client.post(url(demande, page)).status_code for page in WRITE
    }


def test_a_stranger_signs_in(client, world):
    demande = world.demande()
    for path in [*LISTS, url(demande)]:
        assert client.get(path).status_code == 302
        assert client.get(path).url.startswith("/connexion/")


@pytest.mark.parametrize(
    "profil", [Profil.TECHNICIEN, Profil.GESTIONNAIRE, Profil.ADMIN_CAISSE, Profil.NATIONAL]
)
def test_those_who_process_nothing_are_refused(world, profil):
    organisation = {
        Profil.TECHNICIEN: world.structure,
        Profil.GESTIONNAIRE: world.structure,
        Profil.ADMIN_CAISSE: world.caisse,
        Profil.NATIONAL: None,
    }[profil]
    client = signed_in(f.membership(profil, organisation))
    demande = world.demande()
    assert {client.get(path).status_code for path in [*LISTS, "/espace-caisse/pilotage/"]} == {403}
    assert statuses(client, demande) == {403}
    assert Demande.objects.get(pk=demande.pk).version == 1


def test_another_caisse_is_told_that_nothing_is_there(world):
    demande = world.demande()
    client = signed_in(world.etranger)
    assert statuses(client, demande) == {404}
    unknown = client.get(url(demande).replace(demande.reference, "EP-251-00000-00"))
    assert client.get(url(demande)).content == unknown.content


@pytest.mark.parametrize(
    ("statut", "fields"), [(Statut.BROUILLON, {}), (Statut.ANNULEE, {"envoyee_le": None})]
)
def test_drafts_and_those_cancelled_before_sending_do_not_exist(world, statut, fields):
    demande = world.demande(statut, **fields)
    assert statuses(signed_in(world.agent), demande) == {404}


def test_a_demande_cancelled_after_its_sending_is_read(world):
    demande = world.demande(Statut.ANNULEE, envoyee_le=clock.now())
    response = signed_in(world.agent).get(url(demande))
    assert response.status_code == 200
    assert "Annulée par le partenaire" in response.content.decode()


def test_the_conseiller_is_refused_the_other_kinds(world):
    demande = world.demande(fonction="CONTACT")
    assert statuses(signed_in(world.conseiller), demande) == {403}


def test_supervision_is_for_the_superviseur(world):
    for member, status in ((world.agent, 403), (world.conseiller, 403), (world.superviseur, 200)):
        assert signed_in(member).get("/espace-caisse/pilotage/").status_code == status
    assert signed_in(world.agent).post("/espace-caisse/pilotage/attribuer/").status_code == 403


def test_an_act_is_never_a_get(world):
    demande = world.demande()
    client = signed_in(world.agent)
    for page in ("prendre-en-charge/", "rendre/", "note/", "contact/", "message/", "complement/retirer/"):
        assert client.get(url(demande, page)).status_code == 405
