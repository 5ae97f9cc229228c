"""Decisions that can be undone for two minutes."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import Utilisateur
from caisses.enums import ListeMotifs
from portal import clock
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.sweeps import run
from portal.tenancy import scope
from portal.workflow import StaleObject
from signalements.enums import Statut
from signalements.models import DecisionRetenue, Demande, Passage
from signalements.operations.completion import cancel_demande
from signalements.operations.decisions import Decision
from signalements.operations.retenue import hold_decision, undo_decision
from signalements.queries.file_caisse import PAR_DEFAUT, following
from signalements.queries.filtres import Filtres
from tests import factories as f
from tests.signalements.caisse.conftest import signed_in

pytestmark = pytest.mark.django_db
ANSWER = {"issue": ["DROITS_OUVERTS"], "commentaire": ["Droits ouverts ce jour."]}


@pytest.fixture(autouse=True)
def _two_minutes(settings):
    settings.ANNULATION_DECISION_SECONDES = 120


def hold(world, demande, actor=None, version=None, saisie=ANSWER):
    with scope("caisse", world.caisse.pk), transaction.atomic():
        return hold_decision(
            actor=actor or world.agent,
            demande_id=demande.pk,
            decision=Decision(saisie["issue"][0], commentaire=saisie["commentaire"][0]),
            saisie=saisie,
            version=version or demande.version,
        )


def later(**delta):
    return clock.at(clock.now() + timedelta(**(delta or {"seconds": 121})))


def give() -> None:
    with later():
        run("decisions")


def test_the_structure_reads_nothing_until_the_decision_has_left_then_what_was_decided(world):
    demande = world.demande(Statut.EN_COURS)
    row = hold(world, demande)
    assert run("decisions") == 0
    demande.refresh_from_db()
    assert (demande.statut, Courriel.objects.count()) == (Statut.EN_COURS, 0)
    with scope("partenaire", world.structure.pk), transaction.atomic():
        assert not DecisionRetenue.objects.exists()
    give()
    give()
    demande.refresh_from_db()
    assert (demande.statut, demande.issue, demande.traitee_le) == (Statut.TRAITEE, "DROITS_OUVERTS", row.le)
    passage = Passage.objects.get(demande=demande)
    assert (passage.le, passage.acteur_id) == (row.le, world.agent.acteur_id)
    assert passage.commentaire == "Droits ouverts ce jour."
    assert Courriel.objects.filter(evenement="demande_traitee").count() == 1
    assert not DecisionRetenue.objects.exists()


def test_a_decision_that_is_undone_does_not_leave_and_its_form_opens_as_it_was(world):
    demande = world.demande(Statut.EN_COURS)
    client = signed_in(world.agent)
    address = f"/espace-caisse/demandes/{demande.reference}/"
    posted = {"issue": "DROITS_OUVERTS", "commentaire": "Droits ouverts.", "version": demande.version}
    assert client.post(f"{address}decision/", posted).status_code == 302
    page = client.get(address).content.decode()
    assert "partira à" in page
    assert "Rendre la décision" not in page
    assert following(world.agent, PAR_DEFAUT, Filtres()) is None
    assert client.post(f"{address}decision/annuler/")["Location"] == f"{address}decision/"
    form = client.get(f"{address}decision/").content.decode()
    assert "Droits ouverts." in form
    give()
    demande.refresh_from_db()
    assert demande.statut == Statut.EN_COURS
    assert client.post(f"{address}decision/", posted).status_code == 302
    give()
    demande.refresh_from_db()
    assert demande.statut == Statut.TRAITEE
    assert client.post(f"{address}decision/annuler/").status_code == 422


def test_a_demande_cancelled_meanwhile_keeps_its_end_and_the_agent_keeps_the_text(world):
    motif = f.motif(ListeMotifs.ANNULATION, "ERREUR")
    demande = world.demande(Statut.EN_COURS)
    hold(world, demande)
    with scope("partenaire", world.structure.pk), transaction.atomic():
        cancel_demande(membership=world.technicien, reference=demande.reference, motif=motif)
    give()
    demande.refresh_from_db()
    assert demande.statut == Statut.ANNULEE
    row = DecisionRetenue.objects.get()
    assert row.prend_effet_le is None
    assert "annulée par la structure" in row.raison
    assert Courriel.objects.filter(evenement="decision_non_partie", destinataire=world.agent.user).exists()
    client, address = signed_in(world.agent), f"/espace-caisse/demandes/{demande.reference}/"
    assert "Droits ouverts ce jour." in client.get(address).content.decode()
    client.post(f"{address}decision/oublier/")
    assert not DecisionRetenue.objects.exists()


def test_two_agents_at_once_give_one_decision(world):
    demande = world.demande(Statut.EN_COURS)
    first = hold(world, demande)
    assert hold(world, demande) == first
    with pytest.raises(DomainError) as refused:
        hold(world, demande, actor=world.conseiller)
    assert refused.value.code == "decision_en_attente"


def test_what_could_not_be_decided_now_is_refused_now(world):
    demande = world.demande(Statut.EN_COURS)
    with pytest.raises(StaleObject):
        hold(world, demande, version=demande.version + 1)
    with pytest.raises(DomainError):
        hold(world, demande, saisie={"issue": ["NON_RECEVABLE"], "commentaire": [""]})
    assert not DecisionRetenue.objects.exists()
    assert not Passage.objects.exists()


def test_only_its_author_or_a_superviseur_undoes_a_decision(world):
    demande = world.demande(Statut.EN_COURS)
    hold(world, demande)
    with pytest.raises(DomainError):
        undo_decision(actor=world.conseiller, demande_id=demande.pk)
    undo_decision(actor=world.superviseur, demande_id=demande.pk)
    assert DecisionRetenue.objects.get().raison == "Un superviseur l’a annulée."


def test_the_decision_of_an_account_that_was_cut_off_does_not_leave(world):
    demande = world.demande(Statut.EN_COURS)
    hold(world, demande)
    Utilisateur.objects.filter(pk=world.agent.acteur_id).update(is_active=False, inactive_le=clock.now())
    give()
    assert Demande.objects.get(pk=demande.pk).statut == Statut.EN_COURS


def test_a_text_nobody_takes_up_is_erased_after_thirty_days(world):
    demande = world.demande(Statut.EN_COURS)
    hold(world, demande)
    undo_decision(actor=world.agent, demande_id=demande.pk)
    with later(days=29):
        assert run("decisions_oubliees") == 0
    with later(days=31):
        assert run("decisions_oubliees") == 1


def test_a_stale_act_says_what_changed_and_when(world):
    demande = world.demande(Statut.EN_COURS)
    client, address = signed_in(world.agent), f"/espace-caisse/demandes/{demande.reference}/"
    posted = {"issue": "DROITS_OUVERTS", "commentaire": "Droits ouverts.", "version": demande.version}
    with clock.at(clock.now() - timedelta(seconds=150)):
        signed_in(world.superviseur).post(f"{address}decision/", posted)
    give()
    page = client.post(f"{address}decision/", {**posted, "commentaire": "Ouverts aussi."})
    assert page.status_code == 422
    assert "décision rendue à" in page.content.decode()
    assert "Ouverts aussi." in page.content.decode()


def test_a_decision_that_breaks_keeps_no_other_waiting_and_comes_back_to_its_author(world):
    broken, sound = world.demande(Statut.EN_COURS), world.demande(Statut.EN_COURS)
    row = hold(world, broken)
    hold(world, sound)
    # As written by a version of the form that the code no longer knows.
    DecisionRetenue.objects.filter(pk=row.pk).update(saisie=["DROITS_OUVERTS"])
    give()
    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.statut, sound.statut) == (Statut.EN_COURS, Statut.TRAITEE)
    kept = DecisionRetenue.objects.get()
    assert kept.prend_effet_le is None
    assert "rendez-la de nouveau" in kept.raison
    assert Courriel.objects.filter(evenement="decision_non_partie", destinataire=world.agent.user).exists()
