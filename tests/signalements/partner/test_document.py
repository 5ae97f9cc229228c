"""« Demander un document »: the choice, the fields of the document, what is wrong, what is warned of, what is sent."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from caisses.enums import Fonction
from documents.models import EntreeCatalogue
from documents.reference_data import load_catalogue
from partners.enums import TypePartenaire
from portal import clock
from signalements.enums import Statut
from signalements.models import Demande
from signalements.operations.drafts import create_draft, save_draft
from tests.signalements.partner.conftest import naissance_names, personne, stored, url

pytestmark = pytest.mark.django_db

NIR = "1 84 12 75 123 456 40"


@pytest.fixture(autouse=True)
def _catalogue(monde):
    cache.clear()
    load_catalogue()


def dated(name, day):
    """The three parts of a date, as posted."""
    parts = [part.replace("naissance", name) for part in naissance_names()]
    return dict(zip(parts, (str(day.day), str(day.month), str(day.year)), strict=True))


def situation(**changes):
    """What the step asks after the document's own fields, as posted."""
    return {
        "remise": "COURRIER",
        "information_donnee": "on",
        "accord_recueilli": "on",
        **dated("accord_le", clock.today() - timedelta(days=1)),
        "accord_mode": "PRESENCE",
        **changes,
    }


def draft(monde, code, answers=None, person=None):
    """A draft that asks for the document of this code."""
    membership = monde.membership
    demande = create_draft(
        membership=membership,
        caisse_id=monde.doubs.pk,
        fonction=Fonction.DOCUMENT,
        cle=uuid.uuid4(),
        etape="choix",
    )
    steps = {"choix": {"document": code}, "personne": person or personne(), "situation": answers}
    for etape, data in steps.items():
        if data:
            save_draft(membership=membership, reference=demande.reference, etape=etape, saisie=stored(data))
    return demande


def send(tech, demande):
    return tech.post(url("etape", demande, "verification"))


def test_the_document_comes_first_then_its_own_fields(tech, monde):
    start = reverse("signalements:nouvelle", args=["document", "251"])
    assert tech.post(start, {"cle_creation": str(uuid.uuid4())}).url.endswith("/etape/choix/")
    demande = Demande.objects.get(fonction=Fonction.DOCUMENT)
    page = tech.get(url("etape", demande, "choix")).content.decode()
    assert "Attestation de droits" in page
    assert "chaque année, de 3 à 24 ans" in page
    chosen = tech.post(url("etape", demande, "choix"), {"document": "CEAM_CERTIF"})
    assert chosen.url.endswith("/etape/personne/")
    assert tech.post(url("etape", demande, "personne"), personne()).url.endswith("/etape/situation/")
    fields = tech.get(url("etape", demande, "situation")).context["form"].fields
    assert {"champ_pays", "champ_depart", "champ_retour", "champ_beneficiaires"} <= set(fields)
    assert [code for code, _ in fields["remise"].choices] == ["COMPTE_AMELI", "COURRIER"]


def test_a_document_is_asked_for_with_its_words_and_its_delay(tech, monde):
    depart = clock.today() + timedelta(days=8)
    answers = situation(champ_pays="ES", champ_beneficiaires="PERSONNE", **dated("champ_depart", depart))
    demande = draft(monde, "CEAM_CERTIF", answers)
    check = tech.get(url("etape", demande, "verification")).content.decode()
    assert "dans moins de 15 jours" in check
    assert send(tech, demande).status_code == 302
    demande = Demande.objects.get(pk=demande.pk)
    assert (demande.statut, demande.delai_jours) == (Statut.ENVOYEE, 5)
    row = demande.document
    assert ["Pays du séjour", "Espagne"] in row.reponses
    assert len(row.alertes) == 1
    page = tech.get(url("demande", demande)).content.decode()
    assert "Certificat provisoire" in page
    assert "Espagne" in page
    assert tech.get(url("bordereau", demande)).status_code == 200


def test_an_entry_may_have_a_delay_of_its_own(tech, monde):
    answers = situation(champ_disponibilites="MATIN", champ_contact="STRUCTURE")
    demande = draft(monde, "INVITATION_EPS", answers)
    check = tech.get(url("etape", demande, "verification")).content.decode()
    assert "Réponse sous 10\u00a0jours ouvrés" in check
    assert send(tech, demande).status_code == 302
    demande = Demande.objects.get(pk=demande.pk)
    assert demande.delai_jours == 10
    assert (demande.echeance - clock.today()).days >= 12


def test_an_age_outside_the_limits_is_sent_all_the_same(tech, monde):
    demande = draft(monde, "MT_DENTS", situation())
    assert "de 3 à 24 ans" in tech.get(url("etape", demande, "verification")).content.decode()
    assert send(tech, demande).status_code == 302


def day(days):
    return clock.today() + timedelta(days=days)


@pytest.mark.parametrize(
    ("code", "answers", "field"),
    [
        ("CEAM_CERTIF", lambda: {"champ_pays": "ES", **dated("champ_depart", day(-1))}, "champ_depart"),
        ("CEAM_CERTIF", lambda: {"champ_pays": "XX", **dated("champ_depart", day(30))}, "champ_pays"),
        (
            "CEAM_CERTIF",
            lambda: {"champ_pays": "ES", **dated("champ_depart", day(30)), **dated("champ_retour", day(20))},
            "champ_retour",
        ),
        (
            "NOTIF_DROITS",
            lambda: {
                "champ_nature": "CSS",
                **dated("champ_periode_du", day(-800)),
                **dated("champ_periode_au", day(0)),
            },
            "champ_periode_au",
        ),
        (
            "NOTIF_DROITS",
            lambda: {"champ_nature": "CSS", **dated("champ_periode_du", day(-8))},
            "champ_periode_au",
        ),
        ("VITALE_PERTE_VOL", lambda: {"champ_circonstance": "VOL"}, "champ_plainte"),
        ("VITALE_PERTE_VOL", lambda: {"champ_circonstance": "OUBLI"}, "champ_circonstance"),
        ("AUTRE", lambda: {"champ_document": f"Relevé {NIR}"}, "champ_document"),
        ("AUTRE", lambda: {"champ_document": "a" * 81}, "champ_document"),
        ("ATTESTATION_DROITS", lambda: {"champ_beneficiaires": "PERSONNE", "remise": "PORTAIL"}, "remise"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(tech, monde, code, answers, field):
    demande = draft(monde, code)
    posted = situation(**{"champ_beneficiaires": "PERSONNE", **answers()})
    refused = tech.post(url("etape", demande, "situation"), posted)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {field}
    assert send(tech, demande).status_code == 422


def test_a_field_that_was_not_asked_is_left_out(tech, monde):
    answers = situation(champ_circonstance="PERTE", champ_plainte="OUI", champ_inventee="valeur")
    demande = draft(monde, "VITALE_PERTE_VOL", answers)
    assert send(tech, demande).status_code == 302
    assert Demande.objects.get(pk=demande.pk).document.reponses == [["Ce qui s’est passé", "Carte perdue"]]


def test_a_forged_document_is_refused(tech, monde):
    demande = draft(monde, "MT_DENTS")
    refused = tech.post(url("etape", demande, "choix"), {"document": "BULLETIN_DE_PAIE"})
    assert refused.status_code == 422
    assert "n’est pas proposé" in refused.content.decode()


def test_a_document_kept_for_others_is_not_offered(tech, monde):
    EntreeCatalogue.objects.filter(code="NOTIF_DROITS").update(types_partenaires=[TypePartenaire.TUTELLE])
    demande = draft(monde, "NOTIF_DROITS", situation())
    assert "Notification de droits" not in tech.get(url("etape", demande, "choix")).content.decode()
    assert send(tech, demande).status_code == 422


def test_a_document_withdrawn_between_two_steps_is_not_sent(tech, monde):
    demande = draft(monde, "MT_DENTS", situation())
    assert tech.get(url("etape", demande, "verification")).status_code == 200
    EntreeCatalogue.objects.filter(code="MT_DENTS").update(valide_au=clock.today() - timedelta(days=1))
    refused = send(tech, demande)
    assert refused.status_code == 422
    assert "Ce document n’est pas proposé" in refused.content.decode()
    step = tech.post(url("etape", demande, "situation"), situation())
    assert step.status_code == 422
    assert "n’est plus au catalogue" in step.content.decode()
    assert Demande.objects.get(pk=demande.pk).statut == Statut.BROUILLON


def test_the_entry_of_a_caisse_replaces_the_national_one(tech, monde):
    EntreeCatalogue.objects.create(
        code="MT_DENTS", libelle="Chez nous", modes=["COURRIER"], caisse=monde.doubs, delai_jours=2
    )
    page = tech.get(url("etape", draft(monde, "MT_DENTS"), "choix")).content.decode()
    assert "Chez nous" in page
    assert "Information M’T dents" not in page
