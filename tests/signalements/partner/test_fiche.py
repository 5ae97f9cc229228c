"""The sheet for the person: one page, plain words, no number that tells who they are elsewhere."""

import io
from datetime import timedelta

import pikepdf
import pypdfium2
import pytest

from portal import clock
from portal.audit.models import Evenement
from signalements.enums import Statut
from signalements.fiches import structure_in_words
from tests import factories as f
from tests.signalements.partner.conftest import url

pytestmark = pytest.mark.django_db


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    assert len(document) == 1
    return " ".join(document[0].get_textpage().get_text_bounded().split())


@pytest.fixture
def demande(monde):
    """A demande with everything the sheet can say, at its longest."""
    monde.doubs.support_telephone = "+33199000251"
    monde.doubs.dpo_courriel = "delegue-a-la-protection-des-donnees@cpam-doubs.example"
    monde.doubs.save()
    monde.valbrume.raison_sociale = "Centre communal d’action sociale de Valbrume-les-Trois-Fontaines"
    monde.valbrume.telephone = "+33199001000"
    monde.valbrume.dpo_courriel = "protection-des-donnees@ccas-valbrume.example"
    monde.valbrume.save()
    personne = {"nom_naissance": "Fictive-Delaroche", "nom_usage": "Exemple-Vandenberghe"}
    return f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS, personne=personne)


def test_it_is_one_tagged_a5_page_that_says_what_when_and_whom_to_call(tech, demande):
    response = tech.get(url("fiche", demande))
    assert response["Content-Type"] == "application/pdf"
    document = pikepdf.open(io.BytesIO(response.content))
    assert bool(document.Root.MarkInfo.Marked)
    width, height = (float(side) / 72 * 25.4 for side in document.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (148, 210)
    text = text_of(response.content)
    for said in (
        demande.reference,
        "CPAM 251",
        "La caisse vous contacte au plus tard le",
        "01 99 00 10 00",
        "01 99 00 02 51",
        "CNIL",
    ):
        assert said in text
    assert Evenement.objects.get(verbe="telechargement").objet == "fiche"


@pytest.mark.parametrize(
    ("statut", "said"),
    [
        (Statut.A_COMPLETER, "attend un papier ou une information"),
        (Statut.TRAITEE, "La caisse a répondu le"),
    ],
)
def test_it_follows_the_demande(tech, monde, statut, said):
    demande = f.demande(monde.convention, monde.technicien, statut=statut)
    text = text_of(tech.get(url("fiche", demande)).content)
    assert said in text
    assert "au plus tard" not in text


def test_it_is_offered_on_the_confirmation_and_on_the_demande(tech, demande):
    for page in ("confirmation", "demande"):
        assert url("fiche", demande) in tech.get(url(page, demande)).text


def test_a_late_day_is_not_promised_again_once_the_contact_was_made(tech, demande):
    demande.promesse_tenue_le = clock.now() - timedelta(days=1)
    demande.save()
    assert "au plus tard" not in text_of(tech.get(url("fiche", demande)).content)


@pytest.mark.parametrize(
    ("nom", "words"),
    [
        ("CCAS de Valbrume", "le CCAS de Valbrume"),
        ("Association Les Deux Rives", "l’association Les Deux Rives"),
        ("Mission locale du Haut-Doubs", "la mission locale du Haut-Doubs"),
        ("Les Deux Rives", "votre structure, Les Deux Rives,"),
    ],
)
def test_the_structure_is_named_with_its_article(nom, words):
    assert structure_in_words(nom) == words
