"""The order of the queue, its new filters, and working through a view one demande after the other."""

from datetime import timedelta

import pytest

from portal import clock
from portal.audit.models import Evenement, Verbe
from signalements.enums import Statut
from signalements.models import Demande
from signalements.views.caisse.place import COOKIE
from tests import factories as f
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db
FILE = "/espace-caisse/file/"


def day(offset):
    return clock.today() + timedelta(days=offset)


def shown(response):
    return [ligne.reference for ligne in response.context["lignes"]]


def page_of(demande, act=""):
    return f"/espace-caisse/demandes/{demande.reference}/{act}"


def test_a_promise_kept_no_longer_stands_in_the_order_by_its_old_deadline(world):
    kept = world.demande(Statut.EN_COURS, echeance=day(-9), promesse_tenue_le=clock.now())
    soon, later = world.demande(echeance=day(1)), world.demande(echeance=day(6))
    client = signed_in(world.agent)
    assert shown(client.get(FILE)) == [soon.reference, later.reference, kept.reference]


def test_pages_go_on_where_promises_are_kept(world):
    for number in range(30):
        given = {"promesse_tenue_le": clock.now()} if number % 2 else {}
        world.demande(Statut.EN_COURS, echeance=day(number), **given)
    client = signed_in(world.agent)
    first = client.get(FILE)
    second = client.get(first.context["following"])
    assert len({*shown(first), *shown(second)}) == 30
    assert shown(client.get(second.context["previous"])) == shown(first)


def test_team_urgency_and_age_narrow_the_queue(world):
    team = f.equipe(world.caisse, "SAISINE")
    ours = world.demande(equipe=team)
    old = world.demande(cree_le=clock.now() - timedelta(days=20), envoyee_le=clock.now() - timedelta(days=20))
    Demande.objects.filter(pk=old.pk).update(echeance=day(0))
    client = signed_in(world.agent)
    for query, expected in (
        (f"equipe={team.pk}", [ours]),
        ("equipe=aucune", [old]),
        ("anciennete=15", [old]),
        ("urgence=oui", []),
    ):
        response = client.get(f"{FILE}?{query}")
        assert shown(response) == [demande.reference for demande in expected], query
        assert response.context["tabs"][0][3] == len(expected)


def test_next_and_previous_follow_the_view_and_its_filters_and_come_back_to_the_place(world):
    first, second, third = (world.demande(Statut.COMPLETEE, echeance=day(rank)) for rank in (1, 2, 3))
    world.demande(echeance=day(1))
    client = signed_in(world.agent)
    listing = f"{FILE}?vue=complements&structure={world.structure.pk}"
    client.get(listing)
    started = client.get("/espace-caisse/file/suivante/")
    assert started.url == page_of(first)
    page = client.get(started.url)
    assert page.context["suite"]["reference"] == second.reference
    assert page.context["liste_url"] == listing
    assert client.get(page_of(first, "suivante/")).url == page_of(second)
    assert client.get(page_of(third, "precedente/")).url == page_of(second)
    assert client.get(page_of(first, "precedente/")).url == listing
    assert client.get(page_of(third, "suivante/")).url == page_of(first)


def test_what_a_colleague_has_is_passed_over_but_for_a_superviseur(world):
    first = world.demande(echeance=day(1))
    theirs = world.demande(Statut.EN_COURS, echeance=day(2), assignee_a=world.conseiller.user)
    mine = world.demande(Statut.EN_COURS, echeance=day(3), assignee_a=world.agent.user)
    assert signed_in(world.agent).get(page_of(first, "suivante/")).url == page_of(mine)
    assert signed_in(world.superviseur).get(page_of(first, "suivante/")).url == page_of(theirs)


def test_the_one_worked_on_may_leave_the_view_without_losing_the_place(world):
    first, second = world.demande(echeance=day(1)), world.demande(echeance=day(2))
    client = signed_in(world.agent)
    client.get(f"{FILE}?vue=a-prendre")
    client.post(page_of(first, "prendre-en-charge/"), {"version": first.version})
    assert client.get(page_of(first, "suivante/")).url == page_of(second)


def test_a_page_asked_ahead_of_time_opens_nothing(world):
    demande = world.demande(Statut.EN_COURS)
    message = world.message(demande)
    client = signed_in(world.agent)
    response = client.get(page_of(demande), headers={"sec-purpose": "prefetch;prerender"})
    assert (response.status_code, response.content) == (204, b"")
    message.refresh_from_db()
    assert message.lu_le is None
    opened = Evenement.objects.filter(verbe=Verbe.CONSULTATION, objet_id=demande.reference)
    assert not opened.exists()
    client.get(page_of(demande))
    assert opened.count() == 1


def test_knowing_what_comes_next_journals_nothing_about_it(world):
    first, second = world.demande(echeance=day(1)), world.demande(echeance=day(2))
    signed_in(world.agent).get(page_of(first))
    assert not Evenement.objects.filter(objet_id=second.reference).exists()


def test_a_forged_place_is_the_queue(world):
    demande = world.demande()
    client = signed_in(world.agent)
    client.cookies[COOKIE] = "vue=%00&structure=x&agent=';--&etiquette=99999999999"
    assert client.get("/espace-caisse/file/suivante/").url == page_of(demande)


def test_the_shortcuts_are_off_until_somebody_asks_for_them(world):
    client, demande = signed_in(world.agent), world.demande()
    for path in (FILE, page_of(demande)):
        assert "js/shortcuts.js" not in client.get(path).content.decode()
    client.post(
        "/mon-profil/",
        {"frequence_courriels": "IMMEDIAT", "theme": "auto", "densite": "aeree", "raccourcis": "on"},
    )
    for path in (FILE, page_of(demande)):
        assert "js/shortcuts.js" in client.get(path).content.decode()


def test_a_search_finds_structures_by_name(world):
    other = f.partenaire(world.caisse, raison_sociale="CCAS de Saint-Élan")
    f.convention(other, world.caisse)
    client = signed_in(world.agent)
    found = client.post("/espace-caisse/file/recherche/", {"q": "saint elan"}, follow=True)
    assert found.context["structures"] == [(other.raison_sociale, f"{FILE}?structure={other.pk}")]
    assert "Vos consultations sont tracées." in found.content.decode()
