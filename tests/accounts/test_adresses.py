"""A new address counts once its holder opened the link sent there; the old one is told (domaine.md §3.3)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import CanalDemande, Profil
from accounts.links import address_link
from accounts.memberships import membership_of
from accounts.models import Utilisateur
from accounts.operations import gestionnaires, techniciens
from portal import clock
from portal.courriels.models import Courriel
from portal.tenancy import scope
from tests import factories as f
from tests.conftest import StrangerClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def gest() -> Any:
    caisse = f.caisse("251")
    structure = f.partenaire(caisse)
    f.convention(structure, caisse)
    return f.membership(Profil.GESTIONNAIRE, structure)


@pytest.fixture
def tech(gest: Any) -> Utilisateur:
    return f.utilisateur(Profil.TECHNICIEN, gest.partenaire, courriel="avant@ccas.example")


def move(gest: Any, user: Utilisateur, address: str) -> list[str]:
    with scope("partenaire", gest.partenaire_id):
        return techniciens.update_technicien(actor=gest, technicien=user, changes={"courriel": address})


def link() -> str:
    return address_link(Courriel.objects.filter(evenement="adresse_a_confirmer").latest("pk"))


def confirm(client: Client, url: str) -> int:
    opened = client.get(url)
    return client.post(opened["Location"]).status_code if opened.status_code == 302 else opened.status_code


def test_nothing_changes_until_the_link_is_confirmed_and_the_old_address_is_told(client, gest, tech):
    assert move(gest, tech, "apres@ccas.example") == ["courriel"]
    tech.refresh_from_db()
    assert tech.courriel == "avant@ccas.example"
    told = dict(Courriel.objects.values_list("evenement", "adresse"))
    assert told == {"adresse_demandee": "avant@ccas.example", "adresse_a_confirmer": "apres@ccas.example"}
    url = link()
    StrangerClient().get(url)
    tech.refresh_from_db()
    assert tech.courriel == "avant@ccas.example"
    assert confirm(client, url) == 302
    tech.refresh_from_db()
    assert (tech.courriel, tech.courriel_attente) == ("apres@ccas.example", "")
    changed = Courriel.objects.filter(evenement="compte_modifie")
    assert {m.adresse or m.destinataire_id for m in changed} == {"avant@ccas.example", tech.pk}
    assert confirm(StrangerClient(), url) == 410


def test_the_link_outlives_a_sign_in_but_not_three_days(client, gest, tech):
    move(gest, tech, "apres@ccas.example")
    Utilisateur.objects.filter(pk=tech.pk).update(last_login=clock.now())
    url = link()
    with clock.at(clock.now() + timedelta(hours=73)):
        assert confirm(client, url) == 410
    assert confirm(client, url) == 302


def test_another_address_or_the_present_one_kills_the_link(client, gest, tech):
    move(gest, tech, "apres@ccas.example")
    first = link()
    late = Courriel.objects.get(evenement="adresse_a_confirmer")
    move(gest, tech, "encore@ccas.example")
    assert confirm(client, first) == 410
    # A mail that leaves late opens nothing for the address it goes to.
    assert "perime" in address_link(late)
    second = link()
    assert move(gest, tech, "avant@ccas.example") == ["courriel"]
    assert confirm(client, second) == 410


def test_typing_the_same_address_again_changes_nothing(gest, tech):
    move(gest, tech, "apres@ccas.example")
    assert move(gest, tech, "apres@ccas.example") == []
    assert Courriel.objects.filter(evenement="adresse_a_confirmer").count() == 1
    with scope("partenaire", gest.partenaire_id):
        techniciens.resend_invitation(actor=gest, compte=Utilisateur.objects.get(pk=tech.pk))
    assert Courriel.objects.filter(evenement="adresse_a_confirmer").count() == 2


def test_an_address_taken_meanwhile_is_refused_with_its_reason(client, gest, tech):
    move(gest, tech, "apres@ccas.example")
    f.utilisateur(Profil.TECHNICIEN, gest.partenaire, courriel="apres@ccas.example")
    url = client.get(link())["Location"]
    refused = client.post(url)
    assert refused.status_code == 422
    assert "utilise déjà cette adresse" in refused.content.decode()
    tech.refresh_from_db()
    assert tech.courriel == "avant@ccas.example"


def test_the_same_goes_for_a_gestionnaire_changed_by_the_caisse(client, gest):
    admin = membership_of(f.utilisateur(Profil.ADMIN_CAISSE, gest.partenaire.caisse_referente))
    with scope("caisse", admin.caisse_id):
        gestionnaires.update_compte(
            actor=admin,
            compte=gest.user,
            changes={"nom": "Autre", "courriel": "n@ccas.example"},
            demande=gestionnaires.DemandeRecue(clock.today(), CanalDemande.COURRIEL),
        )
    gest.user.refresh_from_db()
    assert (gest.user.nom, gest.user.courriel_attente) == ("Autre", "n@ccas.example")
    assert confirm(client, link()) == 302
    gest.user.refresh_from_db()
    assert gest.user.courriel == "n@ccas.example"


def test_an_inactive_account_confirms_nothing(client, gest, tech):
    move(gest, tech, "apres@ccas.example")
    url = link()
    Utilisateur.objects.filter(pk=tech.pk).update(is_active=False, inactive_le=clock.now())
    assert confirm(client, url) == 410
