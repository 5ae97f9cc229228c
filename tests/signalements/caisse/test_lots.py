"""Acts on many demandes at once: what is chosen, what becomes of each line, what the result page says."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.enums import Profil
from accounts.models import Utilisateur
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from signalements.enums import ActeLot, EtatLigne, Statut
from signalements.models import Demande, Etiquette, LigneLot, Lot, PoseEtiquette
from signalements.operations.lots import CHANGED, NOT_YOURS, Choisie, ask_lot, run_lot
from signalements.operations.traitement import take_charge
from tests import factories as f
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db
FILE, LOTS = "/espace-caisse/file/", "/espace-caisse/lots/"


def ask(actor, acte, demandes, cible=None):
    chosen = [Choisie(demande.pk, demande.partenaire_id, demande.version) for demande in demandes]
    return ask_lot(actor=actor, acte=acte, cible=cible, choisies=chosen, cle=uuid.uuid4())


def ended(lot):
    lines = LigneLot.objects.filter(lot=lot).order_by("pk")
    return [(line.demande.reference, line.etat, line.raison) for line in lines.select_related("demande")]


def ticks(*demandes):
    return [f"{demande.reference}:{demande.version}" for demande in demandes]


def post(client, **data):
    return client.post(LOTS, {"cle": str(uuid.uuid4()), **data})


def test_a_lot_of_ticked_demandes_is_done_and_told(world):
    first, second = world.demande(), world.demande()
    world.demande()
    client = signed_in(world.agent)
    response = post(client, acte="prendre", demandes=ticks(first, second))
    lot = Lot.objects.get()
    assert response.url == f"{LOTS}{lot.pk}/"
    waiting = client.get(response.url)
    assert waiting.headers["Refresh"]
    assert "2 à faire" in waiting.content.decode()
    run_lot(lot.pk)
    assert {Demande.objects.get(pk=pk).assignee_a for pk in (first.pk, second.pk)} == {world.agent.user}
    page = client.get(response.url)
    assert "Refresh" not in page.headers
    assert "2 traitées, aucun échec." in page.content.decode()


def test_a_line_that_changed_meanwhile_fails_alone(world):
    kept, changed, closed = world.demande(), world.demande(), world.demande(Statut.TRAITEE)
    lot = ask(world.agent, ActeLot.PRENDRE, [kept, changed, closed])
    take_charge(actor=world.conseiller, demande_id=changed.pk)
    run_lot(lot.pk)
    states = {reference: (etat, raison) for reference, etat, raison in ended(lot)}
    assert states[kept.reference] == (EtatLigne.FAITE, "")
    assert states[changed.reference] == (EtatLigne.ECHEC, CHANGED)
    assert "Cette action n’est plus possible" in states[closed.reference][1]
    assert Demande.objects.get(pk=changed.pk).assignee_a == world.conseiller.user
    text = signed_in(world.agent).get(f"{LOTS}{lot.pk}/").content.decode()
    assert "1 traitée, 2 en échec" in text
    assert CHANGED in text


def test_run_twice_a_lot_acts_once(world):
    demande = world.demande()
    lot = ask(world.superviseur, ActeLot.ATTRIBUER, [demande], world.agent.user.pk)
    run_lot(lot.pk)
    run_lot(lot.pk)
    demande.refresh_from_db()
    assert (demande.assignee_a, demande.version) == (world.agent.user, 2)
    assert Evenement.objects.filter(objet="demande", details__acte="attribution").count() == 1


def test_whoever_is_given_many_demandes_is_told_once(world):
    lot = ask(world.superviseur, ActeLot.ATTRIBUER, [world.demande(), world.demande()], world.agent.user.pk)
    run_lot(lot.pk)
    mail = Courriel.objects.get(destinataire=world.agent.user)
    assert (mail.evenement, mail.donnees) == ("demandes_attribuees", {"nombre": 2})
    own = ask(world.superviseur, ActeLot.ATTRIBUER, [world.demande()], world.superviseur.user.pk)
    run_lot(own.pk)
    assert not Courriel.objects.filter(destinataire=world.superviseur.user).exists()


def test_a_double_click_makes_one_lot(world):
    client, data = signed_in(world.agent), {"acte": "prendre", "demandes": ticks(world.demande())}
    cle = str(uuid.uuid4())
    assert client.post(LOTS, {**data, "cle": cle}).url == client.post(LOTS, {**data, "cle": cle}).url
    assert Lot.objects.count() == 1


def test_every_result_of_the_view_is_more_than_the_page(world):
    for _ in range(27):
        world.demande()
    world.demande(Statut.TRAITEE)
    client = signed_in(world.agent)
    assert "Sélectionner les 27 résultats" in client.get(f"{FILE}?vue=a-prendre").content.decode()
    post(client, acte="prendre", tout="on", liste="vue=a-prendre")
    assert Lot.objects.get().total == 27
    nothing = post(client, acte="prendre", tout="on", liste="vue=a-prendre&agent=moi")
    assert nothing.status_code == 422


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"acte": "prendre"}, "Cochez au moins une demande."),
        ({"acte": ""}, "Choisissez une action."),
        ({"acte": "attribuer:1"}, "Choisissez une action de la liste."),
        ({"acte": "poser:999"}, "Choisissez une action de la liste."),
    ],
)
def test_a_refused_lot_shows_the_queue_again_with_what_was_ticked(world, data, said):
    demande = world.demande()
    chosen = ticks(demande) if data["acte"] != "prendre" else []
    response = post(signed_in(world.agent), demandes=chosen, liste="vue=a-prendre", **data)
    assert response.status_code == 422
    text = response.content.decode()
    assert said in text
    assert response.context["vue"].code == "a-prendre"
    assert [ligne.choix for ligne in response.context["lignes"] if ligne.cochee] == chosen
    assert not Lot.objects.exists()


def test_a_forged_demande_of_another_caisse_is_not_touched(world):
    structure = f.partenaire(world.autre_caisse)
    author = f.utilisateur(Profil.TECHNICIEN, structure)
    foreign = f.demande(f.convention(structure, world.autre_caisse), author, statut=Statut.ENVOYEE)
    response = post(signed_in(world.agent), acte="prendre", demandes=ticks(foreign))
    assert response.status_code == 422
    mine = world.demande()
    post(signed_in(world.agent), acte="prendre", demandes=ticks(foreign, mine))
    assert [line.demande_id for line in LigneLot.objects.all()] == [mine.pk]


def test_only_a_superviseur_assigns_many(world):
    with pytest.raises(PermissionDenied):
        ask(world.agent, ActeLot.ATTRIBUER, [world.demande()], world.agent.user.pk)
    Etiquette.objects.create(caisse=world.caisse, nom="À rappeler")
    shown = {
        member: signed_in(member).get(f"{FILE}?vue=a-traiter").content.decode()
        for member in (world.agent, world.superviseur)
    }
    assert '<optgroup label="Attribuer à">' not in shown[world.agent]
    assert '<optgroup label="Attribuer à">' in shown[world.superviseur]
    assert '<optgroup label="Poser l’étiquette">' in shown[world.agent]


def test_whoever_lost_the_account_acts_no_more(world):
    demande = world.demande()
    lot = ask(world.agent, ActeLot.PRENDRE, [demande])
    Utilisateur.objects.filter(pk=world.agent.user.pk).update(is_active=False, inactive_le=clock.now())
    run_lot(lot.pk)
    assert ended(lot) == [(demande.reference, EtatLigne.ECHEC, NOT_YOURS)]
    demande.refresh_from_db()
    assert demande.statut == Statut.ENVOYEE


def test_labels_are_put_and_removed_in_a_lot(world):
    label = Etiquette.objects.create(caisse=world.caisse, nom="À rappeler")
    demandes = [world.demande(), world.demande(Statut.TRAITEE)]
    run_lot(ask(world.agent, ActeLot.POSER, demandes, label.pk).pk)
    assert PoseEtiquette.objects.filter(etiquette=label).count() == 2
    run_lot(ask(world.agent, ActeLot.RETIRER, demandes[:1], label.pk).pk)
    assert [pose.demande_id for pose in PoseEtiquette.objects.all()] == [demandes[1].pk]


def test_many_are_given_to_a_team_that_handles_them(world):
    f.equipe(world.caisse, "SAISINE")
    team, other = f.equipe(world.caisse, "SAISINE"), f.equipe(world.caisse, "DOCUMENT")
    demande, stays = world.demande(assignee_a=world.agent.user), world.demande()
    run_lot(ask(world.agent, ActeLot.CONFIER, [demande], team.pk).pk)
    refused = ask(world.agent, ActeLot.CONFIER, [stays], other.pk)
    run_lot(refused.pk)
    demande.refresh_from_db()
    assert (demande.equipe, demande.assignee_a) == (team, None)
    assert ended(refused) == [(stays.reference, EtatLigne.ECHEC, "Choisissez une équipe de la caisse.")]
    foreign = f.equipe(world.autre_caisse, "SAISINE")
    with pytest.raises(DomainError):
        ask(world.agent, ActeLot.CONFIER, [stays], foreign.pk)


def test_the_sweep_finds_a_lot_whose_nudge_was_lost_and_deletes_old_ones(world):
    lot = ask(world.agent, ActeLot.PRENDRE, [world.demande()])
    assert sweeps.run("lots") == 1
    lot.refresh_from_db()
    assert lot.fini_le is not None
    assert sweeps.run("lots") == 0
    assert sweeps.run("lots_anciens") == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert sweeps.run("lots_anciens") == 1
    assert not LigneLot.objects.exists()


def test_a_lot_of_another_person_is_refused_but_to_a_superviseur(world):
    lot = ask(world.agent, ActeLot.PRENDRE, [world.demande()])
    for member, expected in ((world.conseiller, 403), (world.etranger, 404), (world.superviseur, 200)):
        assert signed_in(member).get(f"{LOTS}{lot.pk}/").status_code == expected
