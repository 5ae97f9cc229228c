"""Asking for a complément and withdrawing it, from the screens."""

import uuid

import pytest

from caisses.models import Motif, TypePiece
from signalements.enums import Statut
from signalements.models import Complement, Demande, ElementComplement
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db


def url(demande, page="complement/"):
    return f"/espace-caisse/demandes/{demande.reference}/{page}"


def ask(client, demande, *, action="envoyer", version=1, **fields):
    data = {"action": action, "version": version, "cle": str(uuid.uuid4()), **fields}
    return client.post(url(demande), data)


@pytest.fixture
def identite(world):
    return TypePiece.objects.get(code="identite")


def ticked(kind, **details):
    return {f"piece_{kind.pk}": "on", **{f"{name}_{kind.pk}": value for name, value in details.items()}}


def test_the_preview_sends_nothing_and_proposes_a_text(world, identite):
    demande = world.demande(Statut.EN_COURS)
    raison = Motif.objects.get(code="ILLISIBLE")
    response = ask(
        signed_in(world.agent), demande, action="apercu",
        **ticked(identite, raison=raison.pk, precision="Le verso"), information_1="Adresse actuelle",
    )  # fmt: skip
    page = response.content.decode()
    assert response.status_code == 200
    assert "Ce que la structure lira" in page
    assert "il nous manque les éléments demandés.</textarea>" in page
    assert page.count("Le verso") == 2  # in its field and in the list, not in the proposed text too
    assert not Complement.objects.exists()


def test_what_is_ticked_becomes_items(world, identite):
    demande = world.demande(Statut.EN_COURS)
    raison = Motif.objects.get(code="ILLISIBLE")
    response = ask(
        signed_in(world.agent), demande, message="Bonjour, il manque une pièce.",
        **ticked(identite, raison=raison.pk), information_2="Adresse actuelle",
    )  # fmt: skip
    assert response.status_code == 302
    complement = Complement.objects.get()
    assert (complement.demande_par, complement.message) == (world.agent.user, "Bonjour, il manque une pièce.")
    rows = ElementComplement.objects.order_by("pk").values_list("libelle", "type_piece", "raison")
    assert list(rows) == [("Pièce d'identité", identite.pk, raison.pk), ("Adresse actuelle", None, None)]
    page = signed_in(world.agent).get(url(demande, "")).content.decode()
    assert "En attente du partenaire" in page
    assert "Délai suspendu" in page


def test_nothing_ticked_is_refused(world):
    response = ask(signed_in(world.agent), world.demande(), message="Bonjour")
    assert response.status_code == 422
    assert "Cochez au moins une pièce" in response.content.decode()
    assert "Bonjour" in response.content.decode()


@pytest.mark.parametrize("name", ["message", "information_1"])
def test_every_text_is_guarded(world, identite, name):
    texts = {name: "Numéro 1 84 12 75 123 456 40"}
    response = ask(signed_in(world.agent), world.demande(), **ticked(identite), **texts)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {name}
    assert not Complement.objects.exists()


def test_a_precision_that_needs_a_confirmation_shows_it(world, identite):
    demande = world.demande()
    client = signed_in(world.agent)
    details = ticked(identite, precision="Le certificat de grossesse")
    asked = ask(client, demande, **details)
    assert asked.status_code == 422
    assert f"precision_{identite.pk}_confirme" in asked.content.decode()
    assert ask(client, demande, **details, **{f"precision_{identite.pk}_confirme": "on"}).status_code == 302


def test_a_stale_page_is_refused_and_its_text_kept(world, identite):
    demande = world.demande(Statut.EN_COURS)
    Demande.objects.filter(pk=demande.pk).update(version=5)
    response = ask(signed_in(world.agent), demande, message="Texte à garder", **ticked(identite))
    page = response.content.decode()
    assert response.status_code == 422
    assert "La demande a changé" in page
    assert "Texte à garder" in page
    assert 'name="version" value="5"' in page


def test_a_kind_of_piece_of_another_caisse_cannot_be_asked(world):
    theirs = TypePiece.objects.create(
        code="autre", libelle="Autre", fonctions=["SAISINE"], caisse=world.autre_caisse
    )
    response = ask(signed_in(world.agent), world.demande(), **ticked(theirs))
    assert response.status_code == 422
    assert not Complement.objects.exists()


def test_a_demande_that_waits_receives_no_second_one(world, identite):
    demande = world.demande(Statut.EN_COURS)
    client = signed_in(world.agent)
    ask(client, demande, **ticked(identite))
    response = client.get(url(demande), follow=True)
    assert "ne peut pas recevoir de demande de complément" in response.content.decode()
    assert ask(client, demande, version=2, **ticked(identite)).status_code == 422
    assert Complement.objects.count() == 1


def test_withdrawing_from_the_page(world, identite):
    demande = world.demande(Statut.EN_COURS)
    client = signed_in(world.agent)
    ask(client, demande, **ticked(identite))
    response = client.post(url(demande, "complement/retirer/"), {"version": 2}, follow=True)
    assert "est retirée\u00a0; le délai reprend" in response.content.decode()
    assert Demande.objects.get(pk=demande.pk).statut == Statut.EN_COURS
    assert "(clos sans réponse)" in response.content.decode()
    again = client.post(url(demande, "complement/retirer/"), {"version": 99})
    assert again.status_code == 302
