"""« Contacter ma caisse »: a question about a person or in general, from the first screen to the answer."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.enums import Profil
from caisses.enums import Fonction, ListeMotifs
from caisses.models import Motif, Ressource
from portal import clock
from portal.tenancy import scope
from signalements.enums import Issue, Statut
from signalements.models import Demande, Personne
from signalements.operations.drafts import create_draft, save_draft
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import naissance_names, personne, stored, url

pytestmark = pytest.mark.django_db

NIR = "1 84 12 75 123 456 40"


@pytest.fixture(autouse=True)
def _objects(monde):
    cache.clear()
    for code in ("ETAT_AVANCEMENT", "REGLEMENTATION", "SITUATION_URGENTE", "PORTAIL"):
        f.motif(ListeMotifs.OBJET_CONTACT, code)
    for liste in (ListeMotifs.NON_RECEVABLE, ListeMotifs.REORIENTATION):
        f.motif(liste, "AUTRE")


AGREES = "est d’accord avec cette demande"


def question(**changes):
    """A general question, as posted."""
    return {
        "objet": "REGLEMENTATION",
        "portee": "GENERALE",
        "message": "Quelle est la règle\u00a0?",
        **changes,
    }


def about_somebody(**changes):
    """A question about a person who agrees, as posted."""
    day = clock.today() - timedelta(days=1)
    jour, mois, annee = (name.replace("naissance", "accord_le") for name in naissance_names())
    return question(
        **{
            "objet": "ETAT_AVANCEMENT",
            "portee": "PERSONNE",
            "information_donnee": "on",
            "accord_recueilli": "on",
            jour: str(day.day),
            mois: str(day.month),
            annee: str(day.year),
            "accord_mode": "PRESENCE",
            **changes,
        }
    )


def draft(monde, situation, person=None):
    """A draft of a question."""
    membership = monde.membership
    demande = create_draft(
        membership=membership,
        caisse_id=monde.doubs.pk,
        fonction=Fonction.CONTACT,
        cle=uuid.uuid4(),
        etape="situation",
    )
    for etape, data in (("situation", situation), ("personne", person)):
        if data:
            save_draft(membership=membership, reference=demande.reference, etape=etape, saisie=stored(data))
    return demande


def sent(monde, tech, situation, person=None):
    """A question sent."""
    demande = draft(monde, situation, person)
    response = tech.post(url("etape", demande, "verification"))
    assert response.status_code == 302, response.content.decode()
    return Demande.objects.get(pk=demande.pk)


def agent(monde):
    """A client of an agent of the caisse."""
    return sign_in(StrangerClient(), f.utilisateur(Profil.AGENT, monde.doubs))


def test_the_first_screen_shows_where_the_answer_may_be(tech, monde):
    Ressource.objects.create(
        code="A", libelle="Règles", url="https://regles.example", objets=["REGLEMENTATION"]
    )
    Ressource.objects.create(code="B", libelle="Le support", support=True, objets=["PORTAIL"])
    old = clock.today() - timedelta(days=1)
    Ressource.objects.create(code="C", libelle="Vieille page", objets=["PORTAIL"], valide_au=old)
    page = tech.get(reverse("signalements:nouvelle", args=["contact", "251"])).content.decode()
    assert 'href="https://regles.example"' in page
    assert "Le support" in page
    assert monde.doubs.support_courriel in page
    assert "Vieille page" not in page


def test_the_question_comes_first_and_the_person_only_when_there_is_one(tech, monde):
    start = reverse("signalements:nouvelle", args=["contact", "251"])
    first = tech.post(start, {"cle_creation": str(uuid.uuid4())})
    assert first.url.endswith("/etape/situation/")
    demande = Demande.objects.get(fonction=Fonction.CONTACT)
    step = url("etape", demande, "situation")
    assert tech.post(step, question()).url.endswith("/etape/pieces/")
    assert tech.get(url("etape", demande, "personne")).status_code == 404
    assert AGREES not in tech.get(url("etape", demande, "verification")).content.decode()
    assert tech.post(step, about_somebody()).url.endswith("/etape/personne/")
    assert tech.post(url("etape", demande, "personne"), personne()).url.endswith("/etape/pieces/")
    assert AGREES in tech.get(url("etape", demande, "verification")).content.decode()


def test_a_general_question_is_sent_without_anybody(tech, monde):
    demande = sent(monde, tech, question(information_donnee="on", accord_mode="ECRIT"))
    assert (demande.statut, demande.sans_personne, demande.delai_jours) == (Statut.ENVOYEE, True, 2)
    assert (demande.information_donnee, demande.accord_mode) == (False, "")
    assert not Personne.objects.exists()
    assert "Question générale" in tech.get(reverse("signalements:demandes")).content.decode()
    page = tech.get(url("demande", demande)).content.decode()
    assert "Quelle est la règle\u00a0?" in page
    assert "Imprimer la fiche" not in page
    assert "Imprimer la fiche" not in tech.get(url("confirmation", demande)).content.decode()
    assert tech.get(url("fiche", demande)).status_code == 404
    assert tech.get(url("bordereau", demande)).headers["Content-Type"] == "application/pdf"


def test_a_question_about_somebody_needs_information_and_agreement(tech, monde):
    demande = draft(monde, None)
    step = url("etape", demande, "situation")
    refused = tech.post(step, question(portee="PERSONNE"))
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {
        "information_donnee",
        "accord_recueilli",
        "accord_le",
        "accord_mode",
    }
    told = sent(monde, tech, about_somebody(), personne())
    assert (told.sans_personne, told.accord_recueilli) == (False, True)
    assert told.personne.nom_naissance == "Fictive"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"objet": "ETAT_AVANCEMENT"}, "portee"),
        ({"objet": "SITUATION_URGENTE"}, "urgente"),
        ({"objet": "INVENTE"}, "objet"),
        ({"portee": "TOUT_LE_MONDE"}, "portee"),
        ({"message": ""}, "message"),
        ({"message": "a" * 2001}, "message"),
        ({"message": f"Son numéro\u00a0: {NIR}"}, "message"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(tech, monde, changes, field):
    demande = draft(monde, None)
    refused = tech.post(url("etape", demande, "situation"), question(**changes))
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {field}
    demande.brouillon.refresh_from_db()
    assert NIR not in str(demande.brouillon.donnees)


def test_an_answer_is_read_by_the_structure(tech, monde):
    demande = sent(monde, tech, question())
    staff = agent(monde)
    traitement = reverse("signalements:traitement", args=[demande.reference])
    page = staff.get(traitement).content.decode()
    assert "Question générale" in page
    assert "Quelle est la règle\u00a0?" in page
    assert "Question générale" in staff.get(reverse("signalements:file")).content.decode()
    decision = reverse("signalements:decision", args=[demande.reference])
    empty = staff.post(decision, {"issue": Issue.REPONDU, "version": demande.version})
    assert empty.status_code == 422
    assert set(empty.context["form"].errors) == {"commentaire"}
    given = {"issue": Issue.REPONDU, "version": demande.version, "commentaire": "La règle est simple."}
    assert staff.post(decision, given).status_code == 302
    page = tech.get(url("demande", demande)).content.decode()
    assert "Réponse donnée" in page
    assert "La règle est simple." in page


def test_a_message_of_the_caisse_is_an_answer(tech, monde):
    demande = sent(monde, tech, question())
    staff = agent(monde)
    message = reverse("signalements:message_caisse", args=[demande.reference])
    staff.post(message, {"message-texte": "Voici la règle.", "message-cle": str(uuid.uuid4())})
    decision = reverse("signalements:decision", args=[demande.reference])
    assert staff.post(decision, {"issue": Issue.REPONDU, "version": demande.version}).status_code == 302


def test_the_outcomes_of_a_question(tech, monde):
    demande = sent(monde, tech, question())
    decision = reverse("signalements:decision", args=[demande.reference])
    staff = agent(monde)
    assert staff.post(decision, {"issue": "DROITS_OUVERTS", "version": demande.version}).status_code == 422
    motif = Motif.objects.get(liste="REORIENTATION", code="AUTRE")
    posted = {"issue": "REORIENTEE", "motif_reorientee": motif.pk, "version": demande.version}
    assert staff.post(decision, posted).status_code == 302
    demande.refresh_from_db()
    assert demande.motif_issue == motif


def test_the_database_keeps_the_question_to_its_structure_and_its_caisse(tech, monde):
    from django.db import transaction

    from signalements.kinds.contact.models import Question

    demande = sent(monde, tech, question())
    seen = {}
    for realm, tenant in (
        ("partenaire", monde.valbrume.pk),
        ("partenaire", monde.roche.pk),
        ("caisse", monde.doubs.pk),
        ("caisse", monde.doubs.pk + 1),
    ):
        with scope(realm, tenant), transaction.atomic():
            seen[realm, tenant] = Question.objects.filter(pk=demande.pk).count()
    assert list(seen.values()) == [1, 0, 1, 0]
