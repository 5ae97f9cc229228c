"""The function « Historique des demandes »: where it is off, what is closed is in no list, and the list is refused."""

import pytest
from django.urls import reverse

from caisses.enums import Fonction
from signalements.enums import Statut
from tests import factories as f
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import draft, url
from tests.signalements.partner.test_accueil import message_of_caisse

pytestmark = pytest.mark.django_db


@pytest.fixture
def sans_historique(monde):
    """The only convention of the structure no longer opens the history."""
    monde.convention.fonctions = [Fonction.SAISINE]
    monde.convention.save()


def references(response):
    return {ligne.reference for ligne in response.context["lignes"]}


def rows(monde, *statuts):
    return [f.demande(monde.convention, monde.technicien, statut=statut) for statut in statuts]


def test_the_list_is_refused_and_absent_from_the_menu(tech, sans_historique):
    liste = reverse("signalements:demandes")
    assert tech.get(liste).status_code == 403
    assert tech.post(liste, {"q": "Fictive"}).status_code == 403
    home = tech.get("/").text
    assert f'href="{liste}"' not in home
    assert "Demandes de ma structure" not in home
    assert f'href="{reverse("signalements:suivi")}"' in home


def test_what_is_under_way_is_followed_and_nothing_closed(tech, monde, sans_historique):
    envoyee, a_completer, traitee, annulee = rows(
        monde, Statut.ENVOYEE, Statut.A_COMPLETER, Statut.TRAITEE, Statut.ANNULEE
    )
    brouillon = draft(monde)
    suivi = reverse("signalements:suivi")
    expected = {
        "": {envoyee},
        "a-faire": {a_completer},
        "en-cours": {envoyee},
        "brouillons": {brouillon},
        "traitees": {envoyee},  # not a tab of this list: the first one instead
        "toutes": {envoyee},
    }
    for onglet, found in expected.items():
        response = tech.get(suivi, {"onglet": onglet} if onglet else {})
        assert references(response) == {row.reference for row in found}, onglet
        assert [tab[0] for tab in response.context["tabs"]] == ["À faire par vous", "En cours", "Brouillons"]
        assert 'type="search"' not in response.text
    home = tech.get("/").text
    assert envoyee.reference in home
    assert traitee.reference not in home
    assert annulee.reference not in home


def test_the_answer_itself_stays_readable_at_the_address_of_the_mail(tech, monde, sans_historique):
    (traitee,) = rows(monde, Statut.TRAITEE)
    page = tech.get(url("demande", traitee))
    assert page.status_code == 200
    assert "Droits ouverts" in page.text
    assert reverse("signalements:suivi") in page.text
    assert f'href="{reverse("signalements:demandes")}"' not in page.text


def test_an_unread_answer_still_waits_for_the_structure(tech, monde, sans_historique):
    (traitee,) = rows(monde, Statut.TRAITEE)
    message_of_caisse(traitee)
    assert traitee.reference in tech.get("/").text
    assert references(tech.get(reverse("signalements:suivi"), {"onglet": "a-faire"})) == {traitee.reference}


def test_it_is_read_caisse_by_caisse(tech, monde):
    loire = f.caisse("422")
    sans = f.convention(monde.valbrume, loire, fonctions=[Fonction.SAISINE])
    avec_close, avec_ouverte = rows(monde, Statut.TRAITEE, Statut.ENVOYEE)
    sans_close = f.demande(sans, monde.technicien, statut=Statut.TRAITEE)
    sans_ouverte = f.demande(sans, monde.technicien, statut=Statut.ENVOYEE)
    liste = reverse("signalements:demandes")
    response = tech.get(liste)
    assert references(response) == {row.reference for row in (avec_close, avec_ouverte, sans_ouverte)}
    assert [tab[3] for tab in response.context["tabs"]] == [0, 2, 1, 0, 3]
    assert references(tech.get(liste, {"onglet": "traitees"})) == {avec_close.reference}
    found = tech.post(liste, {"q": sans_close.reference}, follow=True)
    assert references(found) == set()


def test_a_caisse_that_no_longer_offers_it_hides_it_too(client, monde):
    monde.doubs.fonctions_offertes = [Fonction.SAISINE]
    monde.doubs.save()
    tech = sign_in(client, monde.technicien)
    assert tech.get(reverse("signalements:demandes")).status_code == 403


def test_with_the_history_the_short_list_leads_to_the_long_one(tech):
    response = tech.get(reverse("signalements:suivi"))
    assert response.status_code == 302
    assert response["Location"] == reverse("signalements:demandes")
