"""`/`: what waits, the services open, the latest demandes; each role at its own home."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.enums import Profil
from caisses.enums import Fonction
from partners.models import Convention, Partenaire
from portal import clock
from signalements.enums import Statut
from signalements.models import DelaiHabituel, Demande, Message
from tests import factories as f
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import draft, url

pytestmark = pytest.mark.django_db


def message_of_caisse(demande, **fields):
    return Message.objects.create(
        demande=demande,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        cote="CAISSE",
        texte="Bonjour",
        le=clock.now(),
        **fields,
    )


def test_an_empty_home_says_so_and_offers_the_services(tech, monde):
    text = tech.get("/").text
    assert "Bonjour Camille" in text
    assert "Rien n’attend votre réponse" in text
    assert "Vous n’avez encore envoyé aucune demande" in text
    assert "Premier contact avec la personne sous 5\u00a0jours ouvrés" in text


def test_the_usual_delay_of_a_service_stands_on_its_card_and_before_starting(tech, monde):
    cache.clear()
    row = DelaiHabituel.objects.create(caisse=monde.doubs, fonction="SAISINE", jours=18, cas=10)
    for page in ("/", reverse("signalements:nouvelle", args=["saisine", row.caisse.code])):
        assert "Délai habituel ici\u00a0: 18 jours" in tech.get(page).text.replace(" : ", "\u00a0: ")


def test_what_waits_for_the_structure_comes_first(tech, monde):
    a_completer = f.demande(monde.convention, monde.technicien, statut=Statut.A_COMPLETER)
    lue = f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS)
    message_of_caisse(lue, lu_le=clock.now())
    non_lue = f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS)
    message_of_caisse(non_lue)
    vieux = draft(monde)
    Demande.objects.filter(pk=vieux.pk).update(modifiee_le=clock.now() - timedelta(days=4))
    recent = draft(monde)
    text = tech.get("/").text
    first = text.split('id="dernieres"')[0]
    for demande in (a_completer, non_lue, vieux):
        assert demande.reference in first
    for demande in (lue, recent):
        assert demande.reference not in first
    assert url("reprendre", vieux) in first


def test_a_service_that_is_off_is_absent(tech, monde):
    Convention.objects.filter(pk=monde.convention.pk).update(fonctions=[Fonction.HISTORIQUE])
    text = tech.get("/").text
    assert "Signaler une difficulté" not in text
    assert "Aucun service n’est ouvert" in text


def test_each_caisse_has_its_services(tech, monde):
    loire = f.caisse("422", nom="CPAM de la Loire")
    f.convention(monde.valbrume, loire)
    text = tech.get("/").text
    for code in ("251", "422"):
        assert f'href="/espace-partenaire/demandes/nouvelle/saisine/{code}/"' in text
    assert text.count("nouvelle/saisine/") == 2


def test_without_convention_nothing_can_be_sent_and_old_demandes_are_gone(tech, monde):
    demande = f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS)
    Convention.objects.filter(pk=monde.convention.pk).update(etat="RESILIEE")
    text = tech.get("/").text
    assert "Aucune convention n’est active" in text
    assert demande.reference not in text


def test_a_structure_whose_access_is_cut_sees_it_said(tech, monde):
    Partenaire.objects.filter(pk=monde.valbrume.pk).update(suspendu_le=clock.now())
    assert "L’accès de votre structure est coupé" in tech.get("/").text


def test_another_structures_demandes_are_not_there(tech, monde):
    other = f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.A_COMPLETER)
    assert other.reference not in tech.get("/").text


@pytest.mark.parametrize(
    ("profil", "status"),
    [
        (Profil.GESTIONNAIRE, 302),
        (Profil.AGENT, 200),
        (Profil.CONSEILLER_MAS, 200),
        (Profil.SUPERVISEUR, 200),
        (Profil.ADMIN_CAISSE, 302),
        (Profil.NATIONAL, 302),
    ],
)
def test_each_role_has_its_home(client, monde, profil, status):
    partner = profil == Profil.GESTIONNAIRE
    where = monde.valbrume if partner else None if profil == Profil.NATIONAL else monde.doubs
    sign_in(client, f.utilisateur(profil, where))
    response = client.get("/")
    assert response.status_code == status
    if status == 302:
        assert response.url == ("/espace-partenaire/comptes/" if partner else "/admin/")


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get("/").url == "/connexion/"


@pytest.mark.parametrize("count", [3, 12])
def test_the_number_of_queries_does_not_grow(tech, monde, count, django_assert_max_num_queries):
    for _ in range(count):
        f.demande(monde.convention, monde.technicien, statut=Statut.A_COMPLETER)
        message_of_caisse(f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS))
    tech.get("/")
    with django_assert_max_num_queries(10):
        tech.get("/")
