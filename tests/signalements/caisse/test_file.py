"""The queue and « Ma journée »: what each view holds, in which order, at which cost, for whom."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Profil
from caisses.models import Motif
from portal import clock
from portal.audit.models import Evenement
from signalements.enums import Statut
from signalements.models import Demande, Personne
from signalements.queries.file_caisse import VUES, following
from signalements.queries.filtres import SANS_FILTRE
from tests import factories as f
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db
FILE = "/espace-caisse/file/"
JOURNEE = "/espace-caisse/"


def day(offset):
    return clock.today() + timedelta(days=offset)


def shown(response):
    return [ligne.reference for ligne in response.context["lignes"]]


def queries_of(client, path):
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_the_queue_goes_urgent_first_then_by_deadline(world):
    later = world.demande(echeance=day(5))
    late = world.demande(echeance=day(-2))
    urgent = world.demande(
        Statut.COMPLETEE, echeance=day(9), urgente=True, motif_urgence=Motif.objects.get(code="RUPTURE")
    )
    world.demande(Statut.A_COMPLETER)
    world.demande(Statut.TRAITEE)
    world.demande(Statut.BROUILLON)
    response = signed_in(world.agent).get(FILE)
    assert shown(response) == [urgent.reference, late.reference, later.reference]


def test_the_day_shows_the_first_five_of_the_queue_for_one_query_more(world):
    for rank in range(2):
        world.demande(echeance=day(rank))
    few = queries_of(signed_in(world.agent), JOURNEE)
    for rank in range(2, 6):
        world.demande(echeance=day(-rank))
    client = signed_in(world.agent)
    response = client.get(JOURNEE)
    assert shown(response) == shown(client.get(FILE))[:5]
    assert "Voir toute la file" in response.content.decode()
    assert queries_of(client, JOURNEE) == few


def test_the_day_says_when_nothing_waits(world):
    world.demande(Statut.TRAITEE)
    response = signed_in(world.agent).get(JOURNEE)
    assert shown(response) == []
    assert "Aucune demande n’attend votre caisse." in response.content.decode()


@pytest.mark.parametrize(
    ("vue", "expected"),
    [
        ("a-prendre", ["late", "sent"]),
        ("en-cours", ["mine"]),
        ("complements", ["answered"]),
        ("en-attente", ["waiting"]),
        ("en-retard", ["late"]),
        ("les-miennes", ["mine"]),
        ("proches", ["mine", "sent"]),
        ("messages", ["waiting"]),
        ("traitees", ["cancelled", "done"]),
        ("inconnue", ["late", "mine", "sent", "answered"]),
    ],
)
def test_each_view_holds_its_own(world, vue, expected):
    now = clock.now()
    demandes = {
        "late": world.demande(echeance=day(-1)),
        "kept": world.demande(Statut.TRAITEE, echeance=day(-9), modifiee_le=now - timedelta(days=9)),
        "mine": world.demande(Statut.EN_COURS, assignee_a=world.agent.user, echeance=day(1)),
        "sent": world.demande(echeance=day(3)),
        "answered": world.demande(Statut.COMPLETEE, echeance=day(7)),
        "waiting": world.demande(Statut.A_COMPLETER),
        "done": world.demande(Statut.TRAITEE, modifiee_le=now - timedelta(days=1)),
        "cancelled": world.demande(Statut.ANNULEE, envoyee_le=now, modifiee_le=now),
    }
    world.message(demandes["waiting"])
    names = {demande.reference: name for name, demande in demandes.items()}
    response = signed_in(world.agent).get(f"{FILE}?vue={vue}")
    found = [names[reference] for reference in shown(response)]
    assert [name for name in found if name != "kept"] == expected


def test_a_demande_whose_first_contact_was_made_is_not_late(world):
    world.demande(Statut.EN_COURS, echeance=day(-4), promesse_tenue_le=clock.now())
    client = signed_in(world.agent)
    assert shown(client.get(f"{FILE}?vue=en-retard")) == []
    assert len(shown(client.get(FILE))) == 1


def test_filters_narrow_rows_and_counts(world):
    other = f.partenaire(world.caisse)
    theirs = f.demande(
        f.convention(other, world.caisse), f.utilisateur(Profil.TECHNICIEN, other), statut="ENVOYEE"
    )
    ours = world.demande(assignee_a=world.agent.user)
    client = signed_in(world.agent)
    for query, expected in (
        (f"structure={other.pk}", [theirs]),
        ("agent=moi", [ours]),
        ("agent=personne", [theirs]),
        (f"agent={world.agent.user.pk}&structure={world.structure.pk}", [ours]),
        (f"structure={world.structure.pk}&agent=personne", []),
    ):
        response = client.get(f"{FILE}?{query}")
        assert shown(response) == [demande.reference for demande in expected], query
        assert response.context["tabs"][0][3] == len(expected)


@pytest.mark.parametrize(
    "query", ["structure=999999", "structure=x", "agent=%27%3B--", "page=zzz", "vue=%00"]
)
def test_a_forged_address_shows_the_queue(world, query):
    demande = world.demande()
    assert shown(signed_in(world.agent).get(f"{FILE}?{query}")) == [demande.reference]


def test_pages_follow_each_other_at_constant_cost(world):
    for number in range(60):
        world.demande(echeance=day(number % 4), personne={"nom_naissance": f"Page{number}"})
    client = signed_in(world.agent)
    client.get(FILE)
    seen, costs, url = [], [], FILE
    while url:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        costs.append(len(captured))
        seen += shown(response)
        url = response.context["following"]
    assert len(seen) == len(set(seen)) == 60
    assert len(set(costs)) == 1
    assert costs[0] <= 12
    back = client.get(response.context["previous"])
    assert shown(back) == seen[25:50]


def test_the_queue_costs_the_same_with_three_rows_and_with_thirty(world):
    client = signed_in(world.agent)
    costs = []
    for rows in (3, 27):
        for _ in range(rows):
            world.demande(assignee_a=world.agent.user)
        costs.append([queries_of(client, path) for path in (FILE, f"{FILE}?vue=messages", "/espace-caisse/")])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 12


def test_my_day_counts_and_leads_to_each_list(world):
    urgent = Motif.objects.get(code="RUPTURE")
    world.demande(echeance=day(-1))
    world.demande(echeance=day(1), urgente=True, motif_urgence=urgent)
    world.demande(Statut.EN_COURS, assignee_a=world.agent.user, echeance=day(9))
    world.message(world.demande(Statut.COMPLETEE, echeance=day(9)))
    client = signed_in(world.agent)
    tiles = {
        label: (count, url) for label, count, url, _, _ in client.get("/espace-caisse/").context["tiles"]
    }
    assert {label: count for label, (count, _) in tiles.items()} == {
        "En retard": 1,
        "Urgences": 1,
        "Échéance ≤\u00a03\u00a0jours": 1,
        "À prendre en charge": 2,
        "Compléments reçus": 1,
        "Messages non lus": 1,
        "À moi": 1,
    }
    for count, url in tiles.values():
        assert len(shown(client.get(url))) == count


def test_beginning_the_work_opens_the_first_that_is_nobodys_or_mine(world):
    world.demande(echeance=day(-5), assignee_a=world.conseiller.user)
    first, second = world.demande(echeance=day(1)), world.demande(echeance=day(2))
    client = signed_in(world.agent)
    response = client.get("/espace-caisse/file/suivante/")
    assert response.url == f"/espace-caisse/demandes/{first.reference}/"
    following = client.get(f"/espace-caisse/demandes/{first.reference}/suivante/")
    assert following.url == f"/espace-caisse/demandes/{second.reference}/"
    around = client.get(f"/espace-caisse/demandes/{second.reference}/suivante/")
    assert around.url == f"/espace-caisse/demandes/{first.reference}/"


def test_an_empty_queue_says_so(world):
    client = signed_in(world.agent)
    assert "Aucune demande dans cette liste." in client.get(FILE).content.decode()
    assert "Aucune demande n’attend votre caisse." in client.get("/espace-caisse/").content.decode()
    assert client.get("/espace-caisse/file/suivante/").url == f"{FILE}?vue=a-traiter"


# --- Search


def search(client, text):
    response = client.post("/espace-caisse/file/recherche/", {"q": text})
    return client.get(response.url) if response.status_code == 302 else response


@pytest.fixture
def people(world):
    return {
        "martin": world.demande(
            Statut.TRAITEE, personne={"nom_naissance": "Martin-Dupré", "nom_usage": "Leroy", "prenom": "Zoé"}
        ),
        "martine": world.demande(personne={"nom_naissance": "Bernard", "prenom": "Martine"}),
        "autre": world.demande(personne={"nom_naissance": "D'Été", "prenom": "Jean-Luc"}),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("martin", {"martin", "martine"}),
        ("MARTIN dupre", {"martin"}),
        ("zoe martin", {"martin"}),
        ("Martin-Dupré Zoé 12/03/1984", {"martin"}),
        ("leroy", {"martin"}),
        ("d ete", {"autre"}),
        ("jean luc d'été", {"autre"}),
        ("12/03/84", {"martin", "martine", "autre"}),
        ("1984-03-12 bernard", {"martine"}),
        ("bernard 13/03/1984", set()),
        ("artin", set()),
    ],
)
def test_search_forgives(world, people, text, expected):
    names = {demande.reference: name for name, demande in people.items()}
    response = search(signed_in(world.agent), text)
    assert {names[reference] for reference in shown(response)} == expected


def test_a_reference_is_found_as_it_is_dictated(world, people):
    dictated = people["autre"].reference.lower().replace("-", " ")
    assert shown(search(signed_in(world.agent), dictated)) == [people["autre"].reference]


def test_a_name_never_stands_in_the_address_nor_in_the_journal(world, people):
    client = signed_in(world.agent)
    response = client.post("/espace-caisse/file/recherche/", {"q": "Bernard 12/03/1984"})
    assert "ernard" not in response.url
    event = Evenement.objects.get(verbe="recherche")
    assert event.details == {"critere": "nom+naissance", "resultats": 1}


@pytest.mark.parametrize("text", ["", "m", "  ", "x" * 101])
def test_a_search_without_words_is_refused_and_kept(world, people, text):
    response = signed_in(world.agent).post("/espace-caisse/file/recherche/", {"q": text})
    assert response.status_code == 422
    assert response.context["has_errors"]
    assert response.context["recherche_form"]["q"].value() == text


def test_a_search_stays_inside_the_caisse_and_the_role(world, people):
    elsewhere = f.partenaire(world.autre_caisse)
    f.demande(
        f.convention(elsewhere, world.autre_caisse),
        f.utilisateur(Profil.TECHNICIEN, elsewhere),
        statut="ENVOYEE",
        personne={"nom_naissance": "Martinez"},
    )
    world.demande(Statut.BROUILLON)
    message = world.demande(fonction="CONTACT", personne={"nom_naissance": "Martinot"})
    assert set(shown(search(signed_in(world.agent), "martin"))) == {
        people["martin"].reference,
        people["martine"].reference,
        message.reference,
    }
    assert message.reference not in shown(search(signed_in(world.conseiller), "martin"))


def test_results_have_pages_and_an_old_address_leads_back(world):
    for _ in range(30):
        world.demande(personne={"nom_naissance": "Nombreux"})
    client = signed_in(world.agent)
    first = search(client, "nombreux")
    assert len(shown(first)) == 25
    second = client.get(first.context["following"])
    assert len(shown(second)) == 5
    assert not set(shown(first)) & set(shown(second))
    assert client.get(f"{FILE}?recherche=perime").url == FILE


def test_the_search_uses_the_index_under_row_level_security(world, people):
    from portal.tenancy import scope
    from signalements.queries.recherche import matching, read_search

    found = read_search("martin dupont", clock.today())
    values = {"caisse": world.caisse.pk, **found.slots()}
    with scope("caisse", world.caisse.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Demande.objects.filter(matching(found.forme, "caisse", values.__getitem__)).explain()
    assert "personne_caisse" in plan
    assert Personne.objects.count() == 3


def test_among_ones_own_what_waits_for_the_structure_comes_last(world):
    mine = {"assignee_a": world.conseiller.user}
    waiting = world.demande(Statut.A_COMPLETER, **mine)
    Demande.objects.filter(pk=waiting.pk).update(echeance=date(2020, 1, 2))
    working = world.demande(Statut.EN_COURS, **mine)
    client = signed_in(world.conseiller)
    page = client.get("/espace-caisse/file/", {"vue": "les-miennes"})
    assert [ligne.reference for ligne in page.context["lignes"]] == [working.reference, waiting.reference]
    vue = VUES["les-miennes"]
    assert following(world.conseiller, vue, SANS_FILTRE, working) == waiting
    assert following(world.conseiller, vue, SANS_FILTRE, waiting) is None


def test_only_the_acts_that_the_lines_allow_are_offered(world):
    world.demande(Statut.ENVOYEE)
    offered = signed_in(world.conseiller).get("/espace-caisse/file/").context["lot"].fields["acte"].choices
    assert "prendre" in dict(offered)
    assert "rendre" not in dict(offered)
