"""Two techniciens in one draft: nothing is overwritten unseen, and what was typed is kept and shown."""

import pytest
from django.test import Client

from signalements.models import Brouillon
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import personne, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def autre(monde):
    """A colleague, signed in."""
    return sign_in(Client(), monde.autre_technicien)


def name_kept(demande):
    return Brouillon.objects.get(demande=demande).donnees["personne"]["nom_naissance"]


def save(client, demande, version, **changes):
    accept = {"Accept": "application/json"}
    posted = {**personne(**changes), "version": version}
    return client.post(url("etape_enregistrer", demande, "personne"), posted, headers=accept)


def test_a_colleague_is_not_overwritten_and_the_typed_text_is_shown_beside(tech, autre, monde, brouillon):
    shown = Brouillon.objects.get(demande=brouillon).versions["personne"]["n"]
    assert save(autre, brouillon, shown, nom_naissance="Delautre").json()["version"] == shown + 1
    refused = save(tech, brouillon, shown, nom_naissance="Dumien")
    assert (refused.status_code, refused.json()["code"]) == (409, "perime")
    posted = {**personne(nom_naissance="Dumien"), "version": shown, "action": "continuer"}
    page = tech.post(url("etape", brouillon, "personne"), posted)
    assert page.status_code == 422
    for said in (monde.autre_technicien.get_full_name(), "Delautre", "Dumien", f'value="{shown + 1}"'):
        assert said in page.text
    assert name_kept(brouillon) == ["Delautre"]
    accepted = tech.post(url("etape", brouillon, "personne"), {**posted, "version": shown + 1})
    assert accepted.status_code == 302
    assert name_kept(brouillon) == ["Dumien"]


def test_ones_own_other_tab_is_no_colleague(tech, brouillon):
    for _ in range(2):
        assert save(tech, brouillon, 0).status_code == 200


def test_another_step_is_no_conflict(tech, autre, brouillon):
    shown = Brouillon.objects.get(demande=brouillon).versions["personne"]["n"]
    accept = {"Accept": "application/json"}
    autre.post(url("etape_enregistrer", brouillon, "situation"), {"version": 1}, headers=accept)
    assert save(tech, brouillon, shown).status_code == 200


def test_the_step_says_who_began_and_who_saved_last(tech, autre, monde, brouillon):
    assert "Brouillon commencé par" not in tech.get(url("etape", brouillon, "personne")).text
    page = autre.get(url("etape", brouillon, "personne")).text
    assert f"Brouillon commencé par {monde.technicien.get_full_name()}" in page
    save(autre, brouillon, 1)
    page = tech.get(url("etape", brouillon, "personne")).text
    assert f"Dernier enregistrement par {monde.autre_technicien.get_full_name()}" in page


def test_the_page_of_another_structure_never_learns_of_it(client, monde, brouillon):
    sign_in(client, monde.technicien_roche)
    assert save(client, brouillon, 0).status_code == 404
