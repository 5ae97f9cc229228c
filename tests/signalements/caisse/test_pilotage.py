"""Supervision: the workload, what is late, and giving demandes to somebody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Profil
from accounts.models import Utilisateur
from caisses.models import Motif
from portal import clock
from signalements.enums import Statut
from signalements.models import Demande
from tests import factories as f
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/espace-caisse/pilotage/"


def day(offset):
    return clock.today() + timedelta(days=offset)


def load(response):
    return {
        charge.agent and charge.agent.pk: (
            charge.ouvertes,
            charge.en_retard,
            charge.proches,
            charge.urgentes,
            charge.en_attente,
        )
        for charge in response.context["charges"]
    }


def give(client, demandes, agent, **fields):
    data = {"demandes": [demande.reference for demande in demandes], "agent": agent, **fields}
    return client.post(f"{PAGE}attribuer/", data)


def test_the_workload_of_each(world):
    agent, conseiller = world.agent.user, world.conseiller.user
    world.demande(Statut.EN_COURS, assignee_a=agent, echeance=day(-1))
    world.demande(Statut.COMPLETEE, assignee_a=agent, echeance=day(2))
    world.demande(Statut.A_COMPLETER, assignee_a=agent, echeance=day(-9))
    world.demande(Statut.TRAITEE, assignee_a=agent)
    world.demande(urgente=True, motif_urgence=Motif.objects.get(code="RUPTURE"), echeance=day(9))
    response = signed_in(world.superviseur).get(PAGE)
    assert load(response) == {
        None: (1, 0, 0, 1, 0),
        agent.pk: (3, 1, 1, 0, 1),
        conseiller.pk: (0, 0, 0, 0, 0),
        world.superviseur.user.pk: (0, 0, 0, 0, 0),
    }


def test_somebody_who_left_keeps_their_line_until_it_is_empty(world):
    demande = world.demande(Statut.EN_COURS, assignee_a=world.agent.user)
    Utilisateur.objects.filter(pk=world.agent.user.pk).update(is_active=False, inactive_le=clock.now())
    client = signed_in(world.superviseur)
    assert load(client.get(PAGE))[world.agent.user.pk][0] == 1
    give(client, [demande], world.conseiller.user.pk)
    assert world.agent.user.pk not in load(client.get(PAGE))


def test_the_lists_to_reassign(world):
    late = world.demande(Statut.EN_COURS, assignee_a=world.agent.user, echeance=day(-1))
    free = world.demande(echeance=day(3))
    client = signed_in(world.superviseur)
    for liste, expected in (
        ("en-retard", [late]),
        ("sans-agent", [free]),
        (str(world.agent.user.pk), [late]),
        ("999999", [late]),
        ("x", [late]),
    ):
        rows = client.get(f"{PAGE}?liste={liste}").context["lignes"]
        assert [row.reference for row in rows] == [demande.reference for demande in expected], liste


def test_several_are_given_at_once(world):
    demandes = [world.demande(), world.demande()]
    response = give(signed_in(world.superviseur), demandes, world.agent.user.pk)
    assert response.url == f"{PAGE}?liste=en-retard"
    assert set(Demande.objects.values_list("assignee_a", flat=True)) == {world.agent.user.pk}


@pytest.mark.parametrize("agent", ["", "x", "0"])
def test_nobody_chosen_is_refused_and_the_ticks_stay(world, agent):
    demande = world.demande(echeance=day(-1))
    response = give(signed_in(world.superviseur), [demande], agent)
    assert response.status_code == 422
    assert (
        f'value="{demande.reference}" aria-label="Sélectionner la demande {demande.reference}" checked'
        in (response.content.decode())
    )


def test_nothing_ticked_is_refused(world):
    response = give(signed_in(world.superviseur), [], world.agent.user.pk)
    assert response.status_code == 422
    assert "Choisissez au moins une demande." in response.content.decode()


def test_another_caisses_staff_and_demandes_stay_out(world):
    elsewhere = f.partenaire(world.autre_caisse)
    theirs = f.demande(
        f.convention(elsewhere, world.autre_caisse),
        f.utilisateur(Profil.TECHNICIEN, elsewhere),
        statut="ENVOYEE",
    )
    ours = world.demande()
    client = signed_in(world.superviseur)
    assert give(client, [ours], world.etranger.user.pk).status_code == 422
    assert give(client, [theirs], world.agent.user.pk).status_code == 422
    assert not Demande.objects.filter(assignee_a__isnull=False).exists()


def test_from_the_processing_page_one_comes_back_to_it(world):
    demande = world.demande()
    client = signed_in(world.superviseur)
    response = give(client, [demande], world.agent.user.pk, retour=demande.reference)
    assert response.url == f"/espace-caisse/demandes/{demande.reference}/"


def test_the_cost_is_constant(world):
    client = signed_in(world.superviseur)
    costs = []
    for rows in (3, 20):
        for _ in range(rows):
            world.demande(assignee_a=f.utilisateur(Profil.AGENT, world.caisse), echeance=day(-1))
        client.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        costs.append(len(captured))
    assert costs[0] == costs[1]
    assert costs[0] <= 12
