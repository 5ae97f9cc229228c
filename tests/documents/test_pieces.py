"""A pièce from its deposit to its download, and who never gets it."""

import uuid

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from caisses.enums import Fonction
from documents.enums import EtatPiece
from documents.intake.refusals import RefusedFile
from documents.models import Piece
from documents.operations import analyse_piece, deposit_piece, transmit_pieces, withdraw_piece
from documents.operations.deposit import clean_name
from portal import sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from tests.conftest import StrangerClient
from tests.documents.conftest import pdf, pdf_bytes, photo
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def deposit(world, fichier=None, **fields) -> Piece:
    values = {
        "fonction": Fonction.SAISINE,
        "caisse": world["x"],
        "partenaire": world["a"],
        "depose_par": world["tech_a"],
        "cle": uuid.uuid4(),
        **fields,
    }
    return deposit_piece(fichier=fichier or pdf(), **values)


def sent(world, fichier=None, **fields) -> Piece:
    """A healthy pièce the caisse has received."""
    piece = deposit(world, fichier, **fields)
    assert analyse_piece(piece.pk) == EtatPiece.SAINE
    transmit_pieces([piece])
    piece.refresh_from_db()
    return piece


def as_user(membership) -> StrangerClient:
    return sign_in(StrangerClient(), membership.user)


def download(membership, piece):
    """The answer to a download, and its content, read to the end."""
    response = as_user(membership).get(f"/pieces/{piece.pk}/")
    return response, response.getvalue()


def test_a_deposit_is_encrypted_and_waits_for_its_verdict(world):
    piece = deposit(world)
    assert (piece.etat, piece.pages, piece.type_mime) == (EtatPiece.EN_ANALYSE, 1, "application/pdf")
    with storages["pieces"].open(piece.chemin) as stored:
        assert b"%PDF" not in stored.read()
    assert Evenement.objects.filter(verbe="piece", objet_id=str(piece.pk)).count() == 1


def test_the_same_sending_twice_makes_one_piece(world):
    cle = uuid.uuid4()
    assert deposit(world, cle=cle).pk == deposit(world, pdf("autre.pdf"), cle=cle).pk


@pytest.mark.parametrize(
    ("fichier", "code"),
    [
        (SimpleUploadedFile("vide.pdf", b""), "vide"),
        (SimpleUploadedFile("page.pdf", b"<html><script>alert(1)</script></html>"), "type"),
        (SimpleUploadedFile("photo.pdf", photo().read()), "extension"),
        (SimpleUploadedFile("lettre.docx", b"PK\x03\x04word/document.xml"), "bureautique"),
        (SimpleUploadedFile("coupe.pdf", pdf_bytes()[:200]), "tronque"),
    ],
)
def test_what_is_not_accepted_is_said_at_once_and_nothing_is_kept(world, fichier, code):
    with pytest.raises(RefusedFile) as refused:
        deposit(world, fichier)
    assert refused.value.code == code
    assert not Piece.objects.exists()


def test_a_nir_in_the_name_is_refused(world):
    with pytest.raises(DomainError, match="numéro de sécurité sociale"):
        deposit(world, pdf("attestation 2 53 07 25 073 004 75.pdf"))


def test_an_infected_file_is_refused_discarded_and_told(world):
    piece = deposit(world, SimpleUploadedFile("doc.pdf", _pdf_with(EICAR)))
    assert analyse_piece(piece.pk) == EtatPiece.REFUSEE
    assert Courriel.objects.get(evenement="piece_refusee").destinataire_id == world["tech_a"].user.pk
    assert as_user(world["tech_a"]).get(f"/pieces/{piece.pk}/").status_code == 404


def _pdf_with(marker: bytes) -> bytes:
    content = pdf_bytes()
    return content.replace(b"%\xbf\xf7\xa2\xfe\n", b"%" + marker + b"\n") if marker else content


def test_without_a_verdict_it_stays_in_quarantine_and_is_tried_again(world, settings):
    settings.CLAMAV_URL = "tcp://127.0.0.1:9"
    piece = deposit(world)
    assert analyse_piece(piece.pk) == EtatPiece.EN_ANALYSE
    first = Piece.objects.get(pk=piece.pk).prochain_essai_le
    assert analyse_piece(piece.pk) == EtatPiece.EN_ANALYSE
    assert Piece.objects.get(pk=piece.pk).prochain_essai_le > first
    assert as_user(world["tech_a"]).get(f"/pieces/{piece.pk}/").status_code == 404
    settings.CLAMAV_URL = ""
    assert analyse_piece(piece.pk) == EtatPiece.SAINE


def test_a_photo_becomes_a_clean_pdf(world):
    piece = sent(world, photo("IMG_1234.JPG"))
    assert (piece.nom, piece.type_mime, piece.pages) == ("IMG_1234.pdf", "application/pdf", 1)
    _, content = download(world["tech_a"], piece)
    assert content.startswith(b"%PDF-")
    assert b"Appareil secret" not in content
    assert len(content) == piece.taille


def test_analysing_twice_does_nothing_more(world):
    piece = sent(world)
    assert analyse_piece(piece.pk) == ""


def test_the_caisse_sees_it_from_the_sending_on(world):
    piece = deposit(world)
    analyse_piece(piece.pk)
    assert download(world["agent_x"], piece)[0].status_code == 404
    transmit_pieces([piece])
    response, content = download(world["agent_x"], piece)
    assert (response.status_code, len(content)) == (200, piece.taille)


def test_a_download_carries_the_safe_headers_and_is_journaled(world):
    piece = sent(world, pdf("pièce d'identité.pdf"))
    response, _ = download(world["agent_x"], piece)
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''pi%C3%A8ce")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    event = Evenement.objects.get(verbe="telechargement")
    assert (event.acteur_id, event.objet_id) == (world["agent_x"].acteur_id, str(piece.pk))


def test_the_viewer_draws_pages_and_the_first_one_is_a_consultation(world):
    piece = sent(world, pdf(pages=2))
    client = as_user(world["mas_x"])
    response = client.get(f"/pieces/{piece.pk}/page/1/")
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")
    assert client.get(f"/pieces/{piece.pk}/page/2/").status_code == 200
    assert client.get(f"/pieces/{piece.pk}/page/3/").status_code == 404
    assert Evenement.objects.filter(verbe="consultation", objet="piece").count() == 1
    assert "Page 2 sur 2" in client.get(f"/pieces/{piece.pk}/apercu/").content.decode()


@pytest.mark.parametrize(
    ("actor", "status"),
    [("tech_b", 404), ("agent_y", 404), ("gest_a", 403), ("admin_x", 403)],
)
@pytest.mark.parametrize("suffix", ["", "apercu/", "page/1/", "etat/"])
def test_nobody_else_gets_it(world, actor, status, suffix):
    piece = sent(world)
    assert as_user(world[actor]).get(f"/pieces/{piece.pk}/{suffix}").status_code == status


def test_the_upload_list_follows_the_analysis(world):
    piece = deposit(world)
    client, address = as_user(world["tech_a"]), f"/pieces/{piece.pk}/etat/"
    running = client.get(address, headers={"accept": "application/json"}).json()
    assert running == {"etat": "EN_ANALYSE", "etat_texte": "Analyse en cours", "message": "", "url": ""}
    analyse_piece(piece.pk)
    found = client.get(address, headers={"accept": "application/json"}).json()
    assert (found["etat"], found["url"]) == ("SAINE", f"/pieces/{piece.pk}/apercu/")


def test_a_stranger_signs_in_first(world, client):
    piece = sent(world)
    response = client.get(f"/pieces/{piece.pk}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/")


def test_the_conseiller_opens_saisines_only(world):
    piece = sent(world, fonction=Fonction.DOSSIER)
    assert as_user(world["mas_x"]).get(f"/pieces/{piece.pk}/").status_code == 404
    assert download(world["agent_x"], piece)[0].status_code == 200


def test_another_piece_and_no_piece_give_the_same_answer(world):
    piece = sent(world)
    client = as_user(world["tech_b"])
    other, unknown = client.get(f"/pieces/{piece.pk}/"), client.get(f"/pieces/{uuid.uuid4()}/")
    assert (other.status_code, other.content) == (unknown.status_code, unknown.content)


def test_what_was_sent_cannot_be_taken_back(world, django_capture_on_commit_callbacks):
    piece = deposit(world)
    path = piece.chemin
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_piece(piece, retire_par=world["tech_a"])
    assert not storages["pieces"].exists(path)
    with pytest.raises(DomainError, match="déjà été transmis"):
        withdraw_piece(sent(world), retire_par=world["tech_a"])


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\moi\\Avis d'imposition.PDF", "Avis d'imposition.pdf"),
        ("fac\u202efdp.exe.pdf", "facfdp.exe.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x 1.pdf"),
        ("", "document.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given, clean):
    assert clean_name(given, "application/pdf") == clean


def test_the_sweep_finds_what_the_nudge_lost_and_may_run_twice(world):
    piece = deposit(world)
    assert sweeps.run("pieces_a_analyser") == 1
    assert Piece.objects.get(pk=piece.pk).etat == EtatPiece.SAINE
    assert sweeps.run("pieces_a_analyser") == 0
