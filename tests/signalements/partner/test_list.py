"""« Demandes de ma structure »: tabs, filters, search, pages, and what is never there."""

from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.urls import reverse

from accounts.enums import Profil
from partners.models import Convention
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.models import Personne
from tests import factories as f
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import draft
from tests.signalements.partner.test_accueil import message_of_caisse

pytestmark = pytest.mark.django_db


def get(client, **query):
    return client.get(f"{reverse('signalements:demandes')}?{urlencode(query)}")


def search(client, text, **query):
    return client.post(reverse("signalements:demandes"), {"q": text, **query}, follow=True)


def references(response):
    return [ligne.reference for ligne in response.context["lignes"]]


def demande(monde, statut=Statut.EN_COURS, **fields):
    return f.demande(monde.convention, monde.technicien, statut=statut, **fields)


def test_each_tab_holds_its_demandes(tech, monde):
    a_completer = demande(monde, Statut.A_COMPLETER)
    en_cours = demande(monde)
    message_of_caisse(en_cours)
    traitee = demande(monde, Statut.TRAITEE)
    brouillon = draft(monde)
    expected = {
        "a-faire": {a_completer, en_cours},
        "en-cours": {en_cours},
        "traitees": {traitee},
        "brouillons": {brouillon},
        "toutes": {a_completer, en_cours, traitee, brouillon},
    }
    for onglet, rows in expected.items():
        response = get(tech, onglet=onglet)
        assert set(references(response)) == {row.reference for row in rows}
        assert [tab[3] for tab in response.context["tabs"]] == [2, 1, 1, 1, 4]


def test_a_draft_shows_the_name_typed_so_far(tech, monde):
    draft(monde)
    assert "Jeanne FICTIVE" in get(tech, onglet="brouillons").text


@pytest.mark.parametrize(
    "text",
    ["fictive", "FICT", "Jeanne", "jeanne fictive", "Fictive Jeanne", "fictive 12/03/84", "12/03/1984"],
)
def test_a_person_is_found_by_names_and_date_of_birth(tech, monde, text):
    wanted = demande(monde)
    demande(monde, personne={"nom_naissance": "Autre", "prenom": "Paul", "naissance": "1990-01-01"})
    response = search(tech, text)
    assert references(response) == [wanted.reference]


def test_a_compound_name_is_found_however_it_is_typed(tech, monde):
    wanted = demande(monde, personne={"nom_naissance": "Le Goff-d'Été"})
    for text in ("le goff", "legoff d'ete", "LE GOFF D ÉTÉ jeanne"):
        assert references(search(tech, text)) == [wanted.reference]


def test_a_reference_is_found_as_it_is_dictated(tech, monde):
    wanted = demande(monde)
    demande(monde)
    assert references(search(tech, wanted.reference.lower().replace("-", " "))) == [wanted.reference]


def test_what_is_searched_never_stands_in_an_address(tech, monde):
    demande(monde)
    response = tech.post(reverse("signalements:demandes"), {"q": "fictive", "onglet": "en-cours"})
    assert response.status_code == 302
    assert "fictive" not in response.url
    page = tech.get(response.url)
    assert 'value="fictive"' in page.text
    assert "onglet=en-cours" in response.url


def test_filters_stand_in_the_address(tech, monde):
    mine = demande(monde)
    theirs = f.demande(monde.convention, monde.autre_technicien, statut=Statut.ENVOYEE)
    assert references(get(tech, technicien="moi")) == [mine.reference]
    assert references(get(tech, statut="ENVOYEE")) == [theirs.reference]
    assert references(get(tech, service="DOSSIER")) == []
    assert "Aucune demande ne correspond à ces critères" in get(tech, service="DOSSIER").text


@pytest.mark.parametrize("query", [{"statut": "X"}, {"onglet": "x"}, {"page": "x"}, {"recherche": "x"}])
def test_a_forged_filter_narrows_nothing(tech, monde, query):
    wanted = demande(monde)
    assert references(get(tech, **query)) == [wanted.reference]


def test_pages_follow_each_other(tech, monde):
    rows = {demande(monde).reference for _ in range(30)}
    first = get(tech)
    assert len(references(first)) == 25
    second = tech.get(first.context["following"])
    assert len(references(second)) == 5
    assert set(references(first)) | set(references(second)) == rows
    assert references(tech.get(second.context["previous"])) == references(first)


def test_another_structure_is_never_there(tech, monde):
    other = f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.EN_COURS)
    response = get(tech)
    assert references(response) == []
    assert [tab[3] for tab in response.context["tabs"]] == [0, 0, 0, 0, 0]
    assert references(search(tech, other.reference)) == []
    assert references(search(tech, "fictive")) == []


def test_a_caisse_whose_convention_ended_is_gone_but_for_its_drafts(tech, monde):
    demande(monde)
    brouillon = draft(monde)
    Convention.objects.filter(pk=monde.convention.pk).update(etat="RESILIEE")
    assert get(tech).status_code == 403
    assert references(tech.get(reverse("signalements:suivi"))) == [brouillon.reference]


@pytest.mark.parametrize("profil", [Profil.GESTIONNAIRE, Profil.AGENT])
def test_only_techniciens_have_this_list(client, monde, profil):
    where = monde.valbrume if profil == Profil.GESTIONNAIRE else monde.doubs
    sign_in(client, f.utilisateur(profil, where))
    assert get(client).status_code == 403


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_does_not_grow(tech, monde, count, django_assert_num_queries):
    for _ in range(count):
        message_of_caisse(demande(monde))
        draft(monde)
    get(tech)
    with django_assert_num_queries(7):
        get(tech)


def test_a_search_by_name_uses_its_index_under_the_policies(monde):
    with scope("partenaire", monde.valbrume.pk), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        # What the policies let near an index: comparisons that cannot leak a row.
        cursor.execute("SELECT bool_and(proleakproof) FROM pg_proc WHERE proname IN ('text_ge', 'text_lt')")
        assert cursor.fetchone() == (True,)
        people = Personne.objects.filter(
            partenaire=monde.valbrume, nom_recherche__gte="fict", nom_recherche__lt="ficu"
        )
        plan = people.order_by("nom_recherche", "prenom_recherche").explain()
    assert "Index Cond" in plan
