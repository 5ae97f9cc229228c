"""Deciding and reopening from the screens; two people at once."""

import threading

import pytest
from django.db import connection, transaction

from caisses.models import Motif
from portal.tenancy import scope
from signalements.enums import Issue, Statut
from signalements.models import Demande, Passage
from tests.signalements.caisse.conftest import build_world, signed_in


def url(demande, page="decision/"):
    return f"/espace-caisse/demandes/{demande.reference}/{page}"


def decide(client, demande, issue=Issue.DROITS_OUVERTS, *, version=1, **fields):
    return client.post(url(demande), {"issue": issue, "version": version, **fields})


def again(demande):
    return Demande.objects.get(pk=demande.pk)


@pytest.mark.django_db
def test_the_page_offers_the_outcomes_of_the_kind(world):
    response = signed_in(world.conseiller).get(url(world.demande(Statut.EN_COURS)))
    offered = [value for value, _ in response.context["form"].fields["issue"].choices]
    assert offered == [
        "DROITS_OUVERTS",
        "SOINS_REALISES",
        "AIDE_ACCORDEE",
        "ORIENTEE_SERVICE_SOCIAL",
        "ORIENTEE_MEDIATION_NUMERIQUE",
        "REFUS_PERSONNE",
        "INJOIGNABLE",
        "HORS_PERIMETRE",
        "NON_RECEVABLE",
        "REORIENTEE",
    ]


@pytest.mark.django_db
def test_a_decision_is_given(world):
    demande = world.demande(Statut.EN_COURS)
    response = decide(signed_in(world.conseiller), demande, commentaire="Droits ouverts.")
    assert response.status_code == 302
    assert again(demande).issue == Issue.DROITS_OUVERTS
    page = signed_in(world.conseiller).get(url(demande, "")).content.decode()
    assert "Traitée – Droits ouverts" in page
    assert "Droits ouverts." in page


@pytest.mark.django_db
def test_an_outcome_with_a_motif_needs_it(world):
    demande = world.demande(Statut.EN_COURS)
    client = signed_in(world.agent)
    refused = decide(client, demande, Issue.NON_RECEVABLE, commentaire="À garder")
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"motif_non_recevable"}
    assert "À garder" in refused.content.decode()
    wrong = decide(
        client, demande, Issue.NON_RECEVABLE, motif_non_recevable=Motif.objects.get(code="AUTRE_CAISSE").pk
    )
    assert wrong.status_code == 422
    motif = Motif.objects.get(code="DOUBLON")
    assert decide(client, demande, Issue.NON_RECEVABLE, motif_non_recevable=motif.pk).status_code == 302
    assert again(demande).motif_issue == motif


@pytest.mark.django_db
def test_the_motif_of_another_outcome_is_left_out(world):
    demande = world.demande(Statut.EN_COURS)
    motif = Motif.objects.get(code="DOUBLON")
    decide(signed_in(world.agent), demande, Issue.INJOIGNABLE, motif_non_recevable=motif.pk)
    assert (again(demande).issue, again(demande).motif_issue) == (Issue.INJOIGNABLE, None)


@pytest.mark.django_db
@pytest.mark.parametrize("issue", ["", "ACCORD", "REPONDU", "SANS_SUITE", "x"])
def test_an_outcome_of_another_kind_is_refused(world, issue):
    demande = world.demande(Statut.EN_COURS)
    assert decide(signed_in(world.agent), demande, issue).status_code == 422
    assert again(demande).statut == Statut.EN_COURS


@pytest.mark.django_db
def test_the_comment_is_guarded(world):
    demande = world.demande(Statut.EN_COURS)
    response = decide(signed_in(world.agent), demande, commentaire="1 84 12 75 123 456 40")
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"commentaire"}


@pytest.mark.django_db
def test_no_decision_while_a_complement_waits(world):
    demande = world.demande(Statut.A_COMPLETER)
    client = signed_in(world.agent)
    assert "Un complément est en attente" in client.get(url(demande)).content.decode()
    response = decide(client, demande, commentaire="À garder")
    assert response.status_code == 422
    assert "retirez-le" in response.content.decode()
    assert "À garder" in response.content.decode()


@pytest.mark.django_db
def test_the_second_decision_is_refused_and_its_text_kept(world):
    demande = world.demande(Statut.EN_COURS)
    decide(signed_in(world.agent), demande)
    response = decide(signed_in(world.conseiller), demande, Issue.INJOIGNABLE, commentaire="Mon long texte")
    page = response.content.decode()
    assert response.status_code == 422
    assert "La demande a changé depuis que vous l’avez ouverte" in page
    assert "Mon long texte" in page
    assert "Traitée – Droits ouverts" in page
    assert again(demande).issue == Issue.DROITS_OUVERTS


@pytest.mark.django_db
def test_a_double_click_gives_one_decision_and_no_error(world):
    demande = world.demande(Statut.EN_COURS)
    client = signed_in(world.agent)
    assert [decide(client, demande).status_code for _ in range(2)] == [302, 302]
    assert Passage.objects.filter(demande=demande).count() == 1


@pytest.mark.django_db
def test_reopening_asks_why(world):
    demande = world.demande(Statut.TRAITEE)
    client = signed_in(world.conseiller)
    assert client.post(url(demande, "rouvrir/"), {"raison": "", "version": 1}).status_code == 422
    done = client.post(url(demande, "rouvrir/"), {"raison": "La personne a rappelé.", "version": 1})
    assert done.status_code == 302
    assert again(demande).statut == Statut.EN_COURS
    page = client.get(url(demande, "")).content.decode()
    assert "Demande rouverte" in page
    assert "La personne a rappelé." in page
    stale = client.post(url(demande, "rouvrir/"), {"raison": "Encore", "version": 1})
    assert stale.status_code == 422
    assert "Encore" in stale.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_people_decide_at_the_same_moment():
    """Real connections: one wins, the other is told and keeps the text."""
    with transaction.atomic():
        world = build_world()
        demande = world.demande(Statut.EN_COURS)
        clients = [signed_in(world.agent), signed_in(world.conseiller), signed_in(world.superviseur)]
    together = threading.Barrier(len(clients))
    answers = []

    def act(number, client):
        try:
            together.wait(timeout=30)
            issue = [Issue.DROITS_OUVERTS, Issue.INJOIGNABLE, Issue.HORS_PERIMETRE][number]
            response = decide(client, demande, issue, commentaire=f"Texte de {number}")
            answers.append((number, response.status_code, response.content.decode()))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(status for _, status, _ in answers) == [302, 422, 422]
    for number, status, page in answers:
        if status == 422:
            assert "La demande a changé" in page
            assert f"Texte de {number}" in page
    with scope("systeme"), transaction.atomic():
        assert Passage.objects.filter(demande=demande).count() == 1
        assert again(demande).version == 2


def test_a_closed_demande_has_no_form_of_decision(world):
    demande = world.demande(Statut.TRAITEE, issue="DROITS_OUVERTS")
    response = signed_in(world.agent).get(
        f"/espace-caisse/demandes/{demande.reference}/decision/", follow=True
    )
    assert response.redirect_chain
    assert "Cette demande est close" in response.content.decode()


@pytest.mark.django_db
def test_what_the_structure_will_read_is_shown_before_and_nothing_is_decided(world):
    demande = world.demande(Statut.EN_COURS)
    shown = decide(
        signed_in(world.conseiller), demande, commentaire="Droits ouverts le 1er.", action="apercu"
    )
    assert shown.status_code == 200
    assert shown.context["apercu"] == [("Issue", "Droits ouverts"), ("Commentaire", "Droits ouverts le 1er.")]
    assert "Ce que la structure lira" in shown.text
    assert again(demande).statut == Statut.EN_COURS
