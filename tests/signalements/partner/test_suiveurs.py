"""Following a demande: who is told of it beside the technicien in charge."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from accounts.enums import Profil
from accounts.models import Utilisateur
from portal import clock
from portal.courriels.models import Courriel
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.models import Suiveur
from signalements.operations.suiveurs import MOST, follow, unfollow
from signalements.operations.suivi import post_message_caisse
from signalements.sweeps import complement_reminders
from tests import factories as f
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def demande(monde):
    """A demande in charge."""
    return f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS)


def told(evenement):
    rows = Courriel.objects.filter(evenement=evenement)
    return dict(rows.values_list("destinataire_id", "recapitulatif"))


def message(monde, demande):
    agent = f.membership(Profil.AGENT, monde.doubs)
    post_message_caisse(actor=agent, demande_id=demande.pk, texte="Bonjour", cle=uuid.uuid4())


def test_a_follower_is_told_in_their_own_rhythm_and_no_longer_once_they_stopped(monde, client, demande):
    other = monde.autre_technicien
    Utilisateur.objects.filter(pk=other.pk).update(frequence_courriels="IMMEDIAT")
    Utilisateur.objects.filter(pk=monde.technicien.pk).update(frequence_courriels="QUOTIDIEN")
    sign_in(client, other)
    client.post(url("suivre", demande))
    assert "Ne plus suivre" in client.get(url("demande", demande)).text
    message(monde, demande)
    assert told("message_caisse") == {monde.technicien.pk: True, other.pk: False}
    client.post(url("suivre", demande), {"action": "arreter"})
    assert not Suiveur.objects.exists()


def test_a_colleague_is_added_and_told_once(tech, monde, demande):
    other = monde.autre_technicien
    assert tech.post(url("suiveurs", demande), {"compte": other.pk}).status_code == 302
    page = tech.get(url("suiveurs", demande)).text
    assert other.get_full_name() in page
    assert list(told("suivi_ajoute")) == [other.pk]
    follow(membership=monde.membership, reference=demande.reference, compte_id=other.pk)
    assert Suiveur.objects.count() == 1


@pytest.mark.parametrize("who", ["elsewhere", "gestionnaire", "inactive"])
def test_nobody_else_can_be_added(tech, monde, demande, who):
    account = {
        "elsewhere": lambda: monde.technicien_roche,
        "gestionnaire": lambda: f.utilisateur(Profil.GESTIONNAIRE, monde.valbrume),
        "inactive": lambda: f.utilisateur(
            Profil.TECHNICIEN, monde.valbrume, is_active=False, inactive_le=clock.now()
        ),
    }[who]()
    assert tech.post(url("suiveurs", demande), {"compte": account.pk}).status_code == 422
    with pytest.raises(DomainError):
        follow(membership=monde.membership, reference=demande.reference, compte_id=account.pk)
    assert not Suiveur.objects.exists()


def test_only_the_technicien_in_charge_takes_a_colleague_off(monde, client, demande):
    third = f.utilisateur(Profil.TECHNICIEN, monde.valbrume)
    follow(membership=monde.membership, reference=demande.reference, compte_id=third.pk)
    sign_in(client, monde.autre_technicien)
    client.post(url("suivre", demande), {"action": "arreter", "compte": third.pk})
    assert Suiveur.objects.count() == 1
    unfollow(membership=monde.membership, reference=demande.reference, compte_id=third.pk)
    assert not Suiveur.objects.exists()


def test_followers_are_not_without_end(monde, demande):
    for _ in range(MOST):
        colleague = f.utilisateur(Profil.TECHNICIEN, monde.valbrume)
        follow(membership=monde.membership, reference=demande.reference, compte_id=colleague.pk)
    with pytest.raises(DomainError):
        follow(membership=monde.membership, reference=demande.reference, compte_id=monde.autre_technicien.pk)


def test_the_sweeps_tell_the_followers_too_and_nobody_inactive(monde):
    asked = date(2026, 2, 20)
    demande = f.demande(monde.convention, monde.technicien, statut=Statut.A_COMPLETER, suspendue_le=asked)
    gone = f.utilisateur(Profil.TECHNICIEN, monde.valbrume)
    for account in (monde.autre_technicien, gone, monde.technicien):
        Suiveur.objects.create(
            demande=demande,
            caisse=monde.doubs,
            partenaire=monde.valbrume,
            compte=account,
            depuis=clock.now(),
        )
    Utilisateur.objects.filter(pk=gone.pk).update(is_active=False, inactive_le=clock.now())
    with clock.at(datetime(2026, 3, 10, 9, tzinfo=UTC)), transaction.atomic():
        complement_reminders(100)
    assert sorted(told("complement_rappel")) == sorted([monde.technicien.pk, monde.autre_technicien.pk])
