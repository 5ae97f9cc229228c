"""« Déjà en cours ? »: its choices, and what another structure's demande lets out."""

import uuid

import pytest

from accounts.enums import Profil
from portal.audit.models import Evenement
from signalements.enums import Statut
from signalements.models import Brouillon, Demande, Doublon, Message
from tests import factories as f
from tests.conftest import StrangerClient
from tests.documents.conftest import pdf
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import draft, personne, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def en_cours(monde):
    """A demande of the structure for the person of the drafts."""
    return f.demande(monde.convention, monde.autre_technicien, statut=Statut.EN_COURS)


def posted(**changes):
    return {"texte": "Voici la pièce.", "cle": uuid.uuid4(), **changes}


def test_the_three_choices_are_offered(tech, monde, en_cours, brouillon):
    page = tech.post(url("doublons", brouillon), personne()).text
    for said in (
        en_cours.reference,
        monde.autre_technicien.get_full_name(),
        "En cours de traitement",
        "Ouvrir cette demande",
        f"{url('ajouter', en_cours)}?brouillon={brouillon.reference}",
        "C’est une autre situation\u00a0: continuer",
    ):
        assert said in page
    en_cours.statut = Statut.A_COMPLETER
    en_cours.suspendue_le, en_cours.reste_jours = en_cours.echeance, 1
    en_cours.save()
    page = tech.post(url("doublons", brouillon), personne()).text
    assert f"{url('demande', en_cours)}#complement" in page


def test_a_piece_goes_to_the_demande_under_way_and_the_draft_goes(tech, en_cours, brouillon):
    address = f"{url('ajouter', en_cours)}?brouillon={brouillon.reference}"
    assert f"Supprimer le brouillon {brouillon.reference}" in tech.get(address).text
    answer = tech.post(address, posted(supprimer="on", fichiers_message=pdf()))
    message = Message.objects.get()
    assert answer.url == f"{url('demande', en_cours)}#message-{message.pk}"
    assert message.pieces_jointes.get().piece.transmise_le is not None
    assert not Brouillon.objects.exists()


def test_the_draft_stays_unless_it_is_asked_and_so_does_anothers(tech, monde, en_cours, brouillon):
    tech.post(f"{url('ajouter', en_cours)}?brouillon={brouillon.reference}", posted())
    elsewhere = f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.BROUILLON)
    for reference in (elsewhere.reference, en_cours.reference):
        address = f"{url('ajouter', en_cours)}?brouillon={reference}"
        assert "Supprimer le brouillon" not in tech.get(address).text
        tech.post(address, posted(supprimer="on"))
    assert Demande.objects.filter(pk__in=[brouillon.pk, elsewhere.pk, en_cours.pk]).count() == 3


def test_another_structures_demande_shows_its_day_and_cannot_be_added_to(client, monde, en_cours):
    mine = f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.BROUILLON)
    sign_in(client, monde.technicien_roche)
    page = client.post(url("doublons", mine), personne()).text
    assert "Une demande de même type est en cours dans cette caisse depuis le" in page
    for hidden in (en_cours.reference, monde.valbrume.raison_sociale, monde.autre_technicien.nom, "Ajouter"):
        assert hidden not in page
    assert client.get(url("ajouter", en_cours)).status_code == 404
    assert client.post(url("ajouter", en_cours), posted()).status_code == 404
    assert not Message.objects.exists()


def test_what_is_refused_keeps_the_text_and_the_draft(tech, en_cours, brouillon):
    address = f"{url('ajouter', en_cours)}?brouillon={brouillon.reference}"
    answer = tech.post(address, posted(texte="NIR 1 84 12 76 451 089 46", supprimer="on"))
    assert answer.status_code == 422
    assert "1 84 12 76 451 089 46" in answer.text
    assert Brouillon.objects.exists()
    en_cours.statut = Statut.ANNULEE
    en_cours.save()
    assert tech.get(address).status_code == 302


def test_the_reason_of_a_second_demande_is_kept(tech, monde, en_cours):
    second = draft(monde, personne=personne(raison_doublon="AUTRE_DIFFICULTE"))
    tech.post(url("etape", second, "verification"), {"version": second.version})
    assert Demande.objects.get(pk=second.pk).statut == Statut.ENVOYEE
    kept = Evenement.objects.get(details__raison_doublon="AUTRE_DIFFICULTE")
    assert kept.objet_id == second.reference


def test_the_caisse_reads_the_reason_and_reaches_the_other_demande(tech, monde, en_cours):
    second = draft(monde, personne=personne(raison_doublon="AUTRE_DIFFICULTE"))
    tech.post(url("etape", second, "verification"), {"version": second.version})
    assert Doublon.objects.get(pk=second.pk).autre == en_cours
    page = agent_page(monde, second)
    assert "La difficulté est différente" in page
    assert f"/espace-caisse/demandes/{en_cours.reference}/" in page
    assert "semblable" not in agent_page(monde, en_cours)


def test_the_double_of_another_structure_has_a_reason_and_no_link(tech, monde):
    other = f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.EN_COURS)
    second = draft(monde, personne=personne(raison_doublon="AUTRE_PERSONNE"))
    tech.post(url("etape", second, "verification"), {"version": second.version})
    assert Doublon.objects.get(pk=second.pk).autre is None
    page = agent_page(monde, second)
    assert "Elle vient d’une autre structure" in page
    assert other.reference not in page


def test_a_reason_without_a_double_is_not_kept(tech, monde):
    second = draft(monde, personne=personne(raison_doublon="AUTRE_PERSONNE"))
    tech.post(url("etape", second, "verification"), {"version": second.version})
    assert Demande.objects.get(pk=second.pk).statut == Statut.ENVOYEE
    assert not Doublon.objects.exists()


def agent_page(monde, demande):
    agent = f.membership(Profil.AGENT, monde.convention.caisse)
    return sign_in(StrangerClient(), agent.user).get(f"/espace-caisse/demandes/{demande.reference}/").text
