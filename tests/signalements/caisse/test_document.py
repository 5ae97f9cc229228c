"""The documents a caisse gives: to whom, until when, who opens them, and what is never given."""

import uuid
from datetime import timedelta
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Profil
from caisses.enums import Fonction
from documents.antivirus import TEST_MARK
from documents.models import Piece
from documents.operations import analyse_piece
from partners.models import Convention
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.tenancy import scope
from signalements.clocks import add_days
from signalements.enums import Issue, Statut
from signalements.kinds.document.models import DocumentRemis
from signalements.operations.decisions import reopen
from tests import factories as f
from tests.documents.conftest import pdf_bytes, photo
from tests.signalements.caisse.conftest import signed_in

MOST = 12
pytestmark = pytest.mark.django_db


@pytest.fixture
def entree(world):
    return f.catalogue("MT_DENTS", modele="INFORMATION", texte="Prenez rendez-vous.\n\nVoilà.")


@pytest.fixture
def demande(world, entree):
    """A document request of a structure that may receive documents."""
    Convention.objects.filter(pk=world.convention.pk).update(documents_sortants=True)
    f.motif("REMISE", "COURRIER", "Par courrier")
    return f.demande_document(world.convention, world.technicien.user, entree)


def page(demande, name="preparer", *args):
    return reverse(f"document:{name}", args=[demande.reference, *args])


def add(client, demande, content=None, name="attestation DUPONT.pdf"):
    """Post a file to give."""
    fichier = SimpleUploadedFile(name, content or pdf_bytes(2), "application/pdf")
    return client.post(
        page(demande, "ajouter"), {"fichier-fichier": fichier, "fichier-cle": str(uuid.uuid4())}
    )


def analysed(demande):
    """Every document of the demande, once the antivirus has spoken."""
    for remis in demande.documents_remis.all():
        analyse_piece(remis.piece_id)
    return [remis.piece for remis in demande.documents_remis.select_related("piece")]


def decide(client, demande, issue=Issue.DELIVRE_PORTAIL, **fields):
    demande.refresh_from_db()
    return client.post(
        reverse("signalements:decision", args=[demande.reference]),
        {"issue": issue, "version": demande.version, **fields},
    )


def given(world, demande):
    """A document given to the structure."""
    agent = signed_in(world.agent)
    assert add(agent, demande).status_code == 302
    [piece] = analysed(demande)
    assert decide(agent, demande).status_code == 302
    piece.refresh_from_db()
    return piece


def seen_by_the_structure(world, demande):
    return (
        signed_in(world.technicien).get(f"/espace-partenaire/demandes/{demande.reference}/").content.decode()
    )


def test_a_document_is_the_structures_with_the_decision_and_not_before(world, demande):
    agent, tech = signed_in(world.agent), signed_in(world.technicien)
    add(agent, demande)
    [piece] = analysed(demande)
    assert piece.nom == f"{demande.reference}-mt-dents.pdf"
    assert tech.get(f"/pieces/{piece.pk}/").status_code == 404
    assert piece.nom not in seen_by_the_structure(world, demande)
    with scope("partenaire", world.structure.pk), transaction.atomic():
        assert not Piece.objects.filter(pk=piece.pk).exists()
        assert not DocumentRemis.objects.exists()
    assert decide(agent, demande).status_code == 302
    response = tech.get(f"/pieces/{piece.pk}/")
    assert response.status_code == 200
    text = pypdfium2.PdfDocument(response.getvalue())[1].get_textpage().get_text_bounded()
    assert world.structure.raison_sociale in text
    assert demande.reference in text
    assert "Fictive" not in text
    assert piece.nom in seen_by_the_structure(world, demande)


def test_each_opening_is_journaled(world, demande):
    piece = given(world, demande)
    tech = signed_in(world.technicien)
    for _ in range(2):
        tech.get(f"/pieces/{piece.pk}/").getvalue()
    tech.get(f"/pieces/{piece.pk}/page/1/")
    rows = Evenement.objects.filter(
        objet="piece", objet_id=str(piece.pk), acteur_id=world.technicien.acteur_id
    )
    assert sorted(rows.values_list("verbe", flat=True)) == [
        "consultation",
        "telechargement",
        "telechargement",
    ]


def test_only_the_techniciens_of_that_structure_open_it(world, demande):
    piece = given(world, demande)
    gestionnaire = f.membership(Profil.GESTIONNAIRE, world.structure)
    other = f.partenaire(world.caisse)
    f.convention(other, world.caisse, documents_sortants=True)
    stranger = f.membership(Profil.TECHNICIEN, other)
    colleague = f.membership(Profil.TECHNICIEN, world.structure)
    expected = {gestionnaire: 403, stranger: 404, colleague: 200, world.etranger: 404, world.conseiller: 404}
    found = []
    for who in expected:
        response = signed_in(who).get(f"/pieces/{piece.pk}/")
        response.getvalue()
        found.append(response.status_code)
    assert found == list(expected.values())


def test_no_mail_carries_anything_of_it(world, demande):
    given(world, demande)
    for mail in Courriel.objects.all():
        assert "pieces/" not in mail.lien
        assert "Fictive" not in f"{mail.donnees}"


def test_without_the_right_nothing_is_prepared_nor_given(world, demande):
    Convention.objects.filter(pk=world.convention.pk).update(documents_sortants=False)
    agent = signed_in(world.agent)
    shown = agent.get(page(demande)).content.decode()
    assert "n’autorise pas les documents sortants" in shown
    assert 'type="file"' not in shown
    refused = add(agent, demande)
    assert refused.status_code == 422
    assert not DocumentRemis.objects.exists()
    form = agent.get(reverse("signalements:decision", args=[demande.reference])).context["form"]
    assert "DELIVRE_PORTAIL" not in dict(form.fields["issue"].choices)
    assert decide(agent, demande).status_code == 422
    motif = form.by_name["motif_envoye_personne"]
    done = decide(agent, demande, Issue.ENVOYE_PERSONNE, motif_envoye_personne=next(iter(motif)))
    assert done.status_code == 302
    assert "Par courrier" in seen_by_the_structure(world, demande)


def test_a_right_that_is_taken_back_closes_what_was_given(world, demande):
    piece = given(world, demande)
    Convention.objects.filter(pk=world.convention.pk).update(documents_sortants=False)
    tech = signed_in(world.technicien)
    for address in (f"/pieces/{piece.pk}/", f"/pieces/{piece.pk}/apercu/", f"/pieces/{piece.pk}/page/1/"):
        assert tech.get(address).status_code == 404
    shown = seen_by_the_structure(world, demande)
    assert "ne peut plus recevoir de documents" in shown
    assert f"/pieces/{piece.pk}/" not in shown


def test_an_infected_file_is_refused_and_nothing_else_is_lost(world, demande):
    agent = signed_in(world.agent)
    add(agent, demande)
    add(agent, demande, pdf_bytes() + TEST_MARK)
    healthy, infected = sorted(analysed(demande), key=lambda piece: piece.etat, reverse=True)
    assert (healthy.etat, infected.etat) == ("SAINE", "REFUSEE")
    assert "Le fichier contient un virus." in agent.get(page(demande)).content.decode()
    refused = decide(agent, demande, commentaire="À garder")
    assert refused.status_code == 422
    assert "À garder" in refused.content.decode()
    assert agent.post(page(demande, "retirer", infected.pk)).status_code == 302
    assert decide(agent, demande).status_code == 302
    opened = signed_in(world.technicien).get(f"/pieces/{healthy.pk}/")
    assert opened.status_code == 200
    opened.getvalue()


@pytest.mark.parametrize("content", [b"", b"MZ rien", b"%PDF-1.4 rien"])
def test_a_file_that_is_not_accepted_says_why(world, demande, content):
    agent = signed_in(world.agent)
    fichier = SimpleUploadedFile("a.pdf", content, "application/pdf")
    refused = agent.post(
        page(demande, "ajouter"), {"fichier-fichier": fichier, "fichier-cle": str(uuid.uuid4())}
    )
    assert refused.status_code == 422
    assert "fichier" in refused.context["fichier_form"].errors


def test_nothing_is_given_without_a_sound_document(world, demande):
    agent = signed_in(world.agent)
    assert decide(agent, demande).status_code == 422
    add(agent, demande)
    waiting = decide(agent, demande)
    assert waiting.status_code == 422
    assert "en cours d’analyse" in waiting.content.decode()


def test_a_photo_becomes_a_pdf_with_its_filigrane(world, demande):
    agent = signed_in(world.agent)
    posted = {"fichier-fichier": photo("IMG_1234.jpg"), "fichier-cle": str(uuid.uuid4())}
    assert agent.post(page(demande, "ajouter"), posted).status_code == 302
    [piece] = analysed(demande)
    assert (piece.etat, piece.nom) == ("SAINE", f"{demande.reference}-mt-dents.pdf")


def test_the_same_key_adds_once(world, demande):
    agent = signed_in(world.agent)
    key = str(uuid.uuid4())
    for _ in range(2):
        fichier = SimpleUploadedFile("a.pdf", pdf_bytes(), "application/pdf")
        agent.post(page(demande, "ajouter"), {"fichier-fichier": fichier, "fichier-cle": key})
    assert DocumentRemis.objects.count() == 1


def test_a_document_is_laid_out_by_the_portal(world, demande):
    agent = signed_in(world.agent)
    posted = {"production-texte": "Apportez votre carte.", "production-cle": str(uuid.uuid4())}
    assert agent.post(page(demande, "produire"), posted).status_code == 302
    [piece] = analysed(demande)
    assert decide(agent, demande).status_code == 302
    content = signed_in(world.technicien).get(f"/pieces/{piece.pk}/").getvalue()
    with pikepdf.open(BytesIO(content)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("fr", True)
        assert str(pdf.docinfo["/Title"]) == "Mt_Dents"
    text = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
    for words in (
        "Prenez rendez-vous.",
        "Apportez votre carte.",
        world.structure.raison_sociale,
        demande.reference,
    ):
        assert words in text


def test_a_nir_in_the_letter_is_refused(world, demande):
    posted = {"production-texte": "1 84 12 75 123 456 40", "production-cle": str(uuid.uuid4())}
    refused = signed_in(world.agent).post(page(demande, "produire"), posted)
    assert refused.status_code == 422
    assert not DocumentRemis.objects.exists()


def test_an_expired_document_is_closed_then_erased(world, demande, django_capture_on_commit_callbacks):
    piece = given(world, demande)
    assert piece.expire_le - piece.transmise_le == timedelta(days=30)
    with clock.at(piece.expire_le + timedelta(minutes=1)):
        assert signed_in(world.technicien).get(f"/pieces/{piece.pk}/").status_code == 404
        assert "Ce document n’est plus disponible depuis le" in seen_by_the_structure(world, demande)
        with django_capture_on_commit_callbacks(execute=True):
            sweeps.run("documents_expires")
        sweeps.run("documents_expires")
        piece.refresh_from_db()
        assert not storages["pieces"].exists(piece.chemin)
        assert (piece.efface_le, bytes(piece.cle_fichier)) == (clock.now(), b"")
        assert "Ce document n’est plus disponible depuis le" in seen_by_the_structure(world, demande)
    assert Evenement.objects.filter(objet_id=str(piece.pk), details__acte="effacement").count() == 1


def test_what_was_given_cannot_be_taken_back(world, demande):
    piece = given(world, demande)
    signed_in(world.agent).post(page(demande, "retirer", piece.pk))
    assert Piece.objects.filter(pk=piece.pk).exists()


def test_rights_that_are_not_open_lead_to_a_saisine(world, demande):
    assert decide(signed_in(world.agent), demande, Issue.DROITS_NON_OUVERTS).status_code == 302
    assert "Signaler une difficulté" in seen_by_the_structure(world, demande)
    tech = signed_in(world.technicien)
    address = reverse("signalements:meme_personne", args=[demande.reference])
    assert tech.post(address, {"service": "saisine", "caisse": "251"}).status_code == 302
    Convention.objects.filter(pk=world.convention.pk).update(
        fonctions=[Fonction.DOCUMENT, Fonction.HISTORIQUE]
    )
    assert "Signaler une difficulté" not in seen_by_the_structure(world, demande)


@pytest.mark.parametrize("count", [1, 4])
def test_the_pages_cost_the_same_whatever_is_given(world, demande, count):
    agent = signed_in(world.agent)
    for _ in range(count):
        add(agent, demande)
    analysed(demande)
    decide(agent, demande)
    pages = {
        world.technicien: f"/espace-partenaire/demandes/{demande.reference}/",
        world.agent: f"/espace-caisse/demandes/{demande.reference}/",
    }
    for who, address in pages.items():
        client = signed_in(who)
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        statements = [query["sql"] for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(statements) <= MOST, "\n".join(statements)


def test_another_kind_of_demande_has_no_document_to_prepare(world, demande):
    assert signed_in(world.agent).get(page(world.demande(Statut.EN_COURS))).status_code == 404


def test_a_reopened_document_has_its_own_delay_again(world):
    own = f.catalogue("EPS", delai_jours=10)
    row = f.demande_document(
        world.convention,
        world.technicien.user,
        own,
        statut=Statut.TRAITEE,
        issue=Issue.ENVOYE_PERSONNE,
    )
    reopened = reopen(actor=world.agent, demande_id=row.pk, raison="Courrier revenu à la caisse.")
    assert reopened.delai_jours == 10
    due = add_days(row.caisse, row.caisse.today(), 10, calendar=False)
    assert reopened.echeance == due
