"""Files: added one by one or with a form, limited, described, withdrawn, and never another's."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import Profil
from documents.models import Piece
from signalements.enums import Statut
from signalements.models import PieceJointe
from tests import factories as f
from tests.documents.conftest import pdf
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import draft, url

pytestmark = pytest.mark.django_db
SCRIPT = {"accept": "application/json"}


def add(client, demande, file=None, place="type-identite", **data):
    return client.post(
        url("piece_ajouter", demande, place), {"fichier": file or pdf(), **data}, headers=SCRIPT
    )


def test_a_file_is_taken_in_at_once_and_waits_for_its_analysis(tech, brouillon):
    response = add(tech, brouillon)
    assert response.status_code == 201
    answer = response.json()
    jointe = PieceJointe.objects.select_related("piece", "type_piece").get()
    assert answer["nom"] == "identite.pdf"
    assert answer["etat"] == "EN_ANALYSE"
    assert answer["retirer_url"] == url("piece_retirer", brouillon, jointe.piece_id)
    assert jointe.type_piece.code == "identite"
    assert jointe.piece.transmise_le is None


def test_one_key_is_one_file(tech, brouillon):
    cle = str(uuid.uuid4())
    for _ in range(2):
        assert add(tech, brouillon, cle=cle).status_code == 201
    assert Piece.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vide.pdf", b""),
        ("notes.docx", b"PK\x03\x04" + b"0" * 200),
        ("faux.pdf", b"bonjour" * 50),
        ("2951099126111 93.pdf", None),
    ],
)
def test_a_refused_file_is_explained_and_the_others_stay(tech, brouillon, name, content):
    add(tech, brouillon)
    wrong = SimpleUploadedFile(name, content) if content is not None else pdf(name)
    response = add(tech, brouillon, wrong)
    assert response.status_code == 422
    assert response.json()["erreur"]
    assert Piece.objects.count() == 1


def test_a_post_without_file_is_explained(tech, brouillon):
    response = tech.post(url("piece_ajouter", brouillon, "type-identite"), {}, headers=SCRIPT)
    assert (response.status_code, response.json()["code"]) == (422, "vide")


def test_the_number_and_the_weight_of_files_are_limited(tech, brouillon, settings):
    settings.DEMANDE_MAX_PIECES = 1
    assert add(tech, brouillon).status_code == 201
    assert add(tech, brouillon).json()["code"] == "nombre"
    settings.DEMANDE_MAX_PIECES, settings.DEMANDE_MAX_BYTES = 20, 10
    assert add(tech, brouillon).json()["code"] == "taille_totale"


@pytest.mark.parametrize("place", ["type-inconnu", "message", "element-1", "x"])
def test_a_place_that_does_not_exist_is_not_found(tech, brouillon, place):
    assert add(tech, brouillon, place=place).status_code == 404


def test_files_without_javascript_come_with_the_form(tech, brouillon):
    response = tech.post(
        url("etape", brouillon, "pieces"),
        {"fichiers_type-identite": [pdf("a.pdf"), SimpleUploadedFile("b.pdf", b"faux")]},
    )
    assert response.status_code == 422
    assert "b.pdf" in response.text
    assert [piece.nom for piece in Piece.objects.all()] == ["a.pdf"]
    assert tech.post(url("etape", brouillon, "pieces"), {}).status_code == 302


def test_another_document_says_what_it_is(tech, brouillon):
    add(tech, brouillon, place="type-autre")
    piece = Piece.objects.get()
    refused = tech.post(url("etape", brouillon, "pieces"), {})
    assert refused.status_code == 422
    assert "Précisez ce qu’est le fichier" in refused.text
    nir = tech.post(
        url("etape", brouillon, "pieces"), {f"precision_{piece.pk}": "Carte 2 95 10 99 126 111 93"}
    )
    assert nir.status_code == 422
    accepted = tech.post(url("etape", brouillon, "pieces"), {f"precision_{piece.pk}": "Devis"})
    assert accepted.url == url("etape", brouillon, "verification")
    assert "Autre document\u00a0: Devis" in accepted.client.get(accepted.url).text


def test_a_file_is_withdrawn_before_the_sending_only(tech, brouillon):
    add(tech, brouillon)
    piece = Piece.objects.get()
    address = url("piece_retirer", brouillon, piece.pk)
    tech.post(url("etape", brouillon, "verification"))
    assert tech.post(address, headers=SCRIPT).status_code == 409
    assert Piece.objects.count() == 1


def test_a_withdrawn_file_is_gone_and_withdrawing_again_is_quiet(tech, brouillon):
    add(tech, brouillon)
    address = url("piece_retirer", brouillon, Piece.objects.get().pk)
    assert tech.post(address, headers=SCRIPT).status_code == 204
    assert tech.post(address, headers=SCRIPT).status_code == 204
    assert tech.post(address).url == url("etape", brouillon, "pieces")
    assert not Piece.objects.exists()


def test_sending_hands_the_files_over(tech, brouillon):
    add(tech, brouillon)
    tech.post(url("etape", brouillon, "verification"))
    assert Piece.objects.get().transmise_le is not None


def test_a_refused_file_is_taken_away_before_sending(tech, brouillon):
    add(tech, brouillon)
    Piece.objects.update(etat="REFUSEE", motif_refus="INFECTEE")
    check = tech.get(url("etape", brouillon, "verification"))
    assert "Le fichier contient un virus." in check.text
    assert tech.post(url("etape", brouillon, "verification")).status_code == 422
    brouillon.refresh_from_db()
    assert brouillon.statut == Statut.BROUILLON


def test_deleting_a_draft_erases_its_files(tech, brouillon):
    add(tech, brouillon)
    tech.post(url("brouillon_supprimer", brouillon))
    assert not Piece.objects.exists()


def test_a_file_of_a_message_waits_for_it(tech, monde):
    demande = f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS)
    assert add(tech, demande, place="message").status_code == 201
    assert Piece.objects.get().transmise_le is None
    tech.post(url("ecrire", demande), {"texte": "Voici."})
    piece = Piece.objects.get()
    assert piece.transmise_le is not None
    assert piece.jointe.message is not None


def test_an_element_of_another_demande_takes_no_file(tech, monde):
    demande = f.demande(monde.convention, monde.technicien, statut=Statut.A_COMPLETER)
    assert add(tech, demande, place="element-999999").status_code == 422


@pytest.mark.parametrize("who", ["roche", "gestionnaire", "agent"])
def test_nobody_else_adds_or_withdraws(client, monde, who):
    demande = draft(monde)
    user = {
        "roche": lambda: monde.technicien_roche,
        "gestionnaire": lambda: f.utilisateur(Profil.GESTIONNAIRE, monde.valbrume),
        "agent": lambda: f.utilisateur(Profil.AGENT, monde.doubs),
    }[who]()
    sign_in(client, user)
    expected = 404 if who == "roche" else 403
    assert add(client, demande).status_code == expected
    assert client.post(url("piece_retirer", demande, uuid.uuid4())).status_code == expected


def test_a_stranger_with_a_script_gets_401(client, brouillon):
    assert add(client, brouillon).status_code == 401
