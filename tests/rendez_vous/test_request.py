"""Request mode: availabilities, dates proposed, one taken, moved, cancelled, honoured or not."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caisses.models import FermetureLocale, Motif
from portal import clock
from portal.calendar import public_holidays
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.workflow import ForbiddenTransition, StaleObject
from signalements.clocks import read_deadline
from signalements.enums import Issue, Statut
from signalements.kinds.rendez_vous.enums import EtatHoraire, EtatRendezVous
from signalements.kinds.rendez_vous.models import EtapeRendezVous, Horaire
from signalements.kinds.rendez_vous.operations.closing import record_presence
from signalements.kinds.rendez_vous.operations.fixing import (
    accept_date,
    fix_date,
    move_date,
    propose_dates,
    refuse_dates,
)
from signalements.models import Brouillon
from signalements.operations.completion import cancel_demande
from signalements.operations.decisions import Decision, decide, reopen
from signalements.operations.sending import undo_sending
from tests.rendez_vous.conftest import (
    Monde,
    again,
    draft,
    fixe,
    jour_ouvre,
    motif_rdv,
    quand,
    send,
    situation,
)

pytestmark = pytest.mark.django_db
E = EtatRendezVous
FREE = [["2027-01-04", "2027-01-08", "MATIN"]]


def proposed(monde: Monde, *, dates: int = 2) -> tuple:
    """An appointment for which dates are proposed, and these."""
    demande = monde.rdv()
    found = [quand(monde.caisse, days) for days in range(3, 3 + dates)]
    return demande, propose_dates(actor=monde.agent, demande_id=demande.pk, dates=found, version=1)


def fixed(monde: Monde, **fields):
    """An appointment whose date is fixed."""
    demande = monde.rdv()
    fix_date(actor=monde.agent, demande_id=demande.pk, quand=quand(monde.caisse, **fields), version=1)
    return again(demande)


def mails(demande, code: str) -> int:
    return Courriel.objects.filter(reference=demande.reference, evenement=code).count()


# --- Asking


def test_a_draft_is_sent_with_its_appointment(monde):
    demande = send(monde, draft(monde))
    rdv = again(demande).rendez_vous
    assert (rdv.statut, rdv.type, rdv.motif) == (E.DEMANDE, "TELEPHONE", monde.motif)
    assert rdv.disponibilites == [[jour_ouvre(monde.caisse).isoformat()] * 2 + ["MATIN"]]
    assert demande.personne.telephone == "+33639981234"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"telephone": ""}, "telephone"),
        ({"type": "PHYSIQUE"}, "agence"),
        ({"type": "PHYSIQUE", "agence": "999"}, "agence"),
        ({"type": "VISIO"}, "type"),
        ({"motif": "INCONNU"}, "motif"),
        ({"disponibilite_1_du": ""}, "disponibilite_1"),
        ({"disponibilite_1_du": "2020-01-06"}, "disponibilite_1"),
        ({"disponibilite_1_du": "demain"}, "disponibilite_1"),
        ({"disponibilite_1_du": "2099-01-05"}, "disponibilite_1"),
    ],
)
def test_what_is_missing_or_impossible_is_told_beside_its_field(monde, changes, field):
    from signalements.kinds.rendez_vous.steps import RendezVousSteps

    demande = draft(monde, situation=situation(monde, **changes))
    form = RendezVousSteps(monde.caisse, Brouillon.objects.get(demande=demande)).judged("situation")
    assert not form.is_valid()
    assert field in form.errors


def test_neither_a_holiday_nor_a_closed_day_nor_an_end_before_its_start_is_an_availability(monde):
    from signalements.kinds.rendez_vous.steps import RendezVousSteps

    closed, today = jour_ouvre(monde.caisse, 4), monde.caisse.today()
    FermetureLocale.objects.create(caisse=monde.caisse, jour=closed, libelle="Inventaire")
    holidays = {day for year in (today.year, today.year + 1) for day in public_holidays("METROPOLE", year)}
    holiday = min(day for day in holidays if day > today and day.weekday() < 5)
    friday = jour_ouvre(monde.caisse, 8)
    for changes in (
        {"disponibilite_1_du": closed.isoformat()},
        {"disponibilite_1_du": holiday.isoformat()},
        {"disponibilite_1_du": friday.isoformat(), "disponibilite_1_au": (friday - timedelta(1)).isoformat()},
    ):
        demande = draft(monde, situation=situation(monde, **changes))
        form = RendezVousSteps(monde.caisse, Brouillon.objects.get(demande=demande)).judged("situation")
        assert "disponibilite_1" in form.errors, changes


def test_a_motif_says_how_the_person_may_be_received(monde):
    from signalements.kinds.rendez_vous.steps import RendezVousSteps

    motif_rdv("AME_DEPOT", types=["PHYSIQUE"])
    demande = draft(monde, situation=situation(monde, motif="AME_DEPOT"))
    form = RendezVousSteps(monde.caisse, Brouillon.objects.get(demande=demande)).judged("situation")
    assert "dans une agence" in form.errors["type"][0]


def test_undoing_a_sending_leaves_nothing(monde, settings):
    settings.ANNULATION_ENVOI_SECONDES = 120
    demande = send(monde, draft(monde))
    undo_sending(membership=monde.technicien, reference=demande.reference)
    assert not type(again_row := demande).objects.get(pk=again_row.pk).envoyee_le
    assert send(monde, demande).rendez_vous.statut == E.DEMANDE


# --- Proposing and taking


def test_a_proposal_keeps_the_promise_and_says_so_in_its_words(monde):
    demande, rows = proposed(monde)
    demande = again(demande)
    assert (demande.statut, demande.rendez_vous.statut) == (Statut.EN_COURS, E.PROPOSE)
    assert demande.assignee_a == monde.agent.user
    assert demande.promesse_tenue_le is not None
    assert read_deadline(demande).texte.startswith("Première date proposée le")
    assert mails(demande, "rendez_vous_propose") == 1
    assert [row.etat for row in rows] == [EtatHoraire.PROPOSE] * 2


def test_a_date_is_taken_once_and_the_others_are_gone(monde):
    demande, (first, second) = proposed(monde)
    for _ in range(2):
        accept_date(membership=monde.technicien, reference=demande.reference, horaire_id=first.pk)
    assert again(demande).rendez_vous.statut == E.CONFIRME
    assert fixe(demande).pk == first.pk
    second.refresh_from_db()
    assert second.etat == EtatHoraire.ECARTE
    with pytest.raises(DomainError) as refused:
        accept_date(membership=monde.technicien, reference=demande.reference, horaire_id=second.pk)
    assert refused.value.code == "deja_fixe"
    assert (mails(demande, "rendez_vous_fixe"), mails(demande, "rendez_vous_accepte")) == (1, 1)
    assert EtapeRendezVous.objects.filter(demande=demande).count() == 2


def test_a_withdrawn_proposal_cannot_be_taken(monde):
    demande, (first, _) = proposed(monde)
    propose_dates(
        actor=monde.agent,
        demande_id=demande.pk,
        dates=[quand(monde.caisse, 9)],
        version=again(demande).version,
    )
    with pytest.raises(DomainError) as refused:
        accept_date(membership=monde.technicien, reference=demande.reference, horaire_id=first.pk)
    assert refused.value.code == "proposition_retiree"


def test_a_proposal_that_is_past_cannot_be_taken(monde):
    demande, (first, _) = proposed(monde)
    with clock.at(first.debut + timedelta(minutes=1)), pytest.raises(DomainError) as refused:
        accept_date(membership=monde.technicien, reference=demande.reference, horaire_id=first.pk)
    assert refused.value.code == "passe"


def test_the_date_of_another_demande_cannot_be_taken(monde):
    demande, _ = proposed(monde)
    _, (foreign, _) = proposed(monde)
    with pytest.raises(DomainError) as refused:
        accept_date(membership=monde.technicien, reference=demande.reference, horaire_id=foreign.pk)
    assert refused.value.code == "proposition_inconnue"


def test_no_date_suits_new_availabilities_are_given(monde):
    demande, _ = proposed(monde)
    version = again(demande).version
    refuse_dates(
        membership=monde.technicien, reference=demande.reference, disponibilites=FREE, version=version
    )
    rdv = again(demande).rendez_vous
    assert (rdv.statut, rdv.disponibilites) == (E.DEMANDE, FREE)
    assert {row.etat for row in Horaire.objects.filter(demande=demande)} == {EtatHoraire.ECARTE}
    with pytest.raises(StaleObject):
        refuse_dates(
            membership=monde.technicien, reference=demande.reference, disponibilites=FREE, version=version
        )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: {"days": -3}, "passe"),
        (lambda m: {"minutes": -30}, "fin"),
        (lambda m: {"minutes": 600}, "trop_long"),
        (lambda m: {"type": "PHYSIQUE"}, "agence"),
        (lambda m: {"type": "VISIO"}, "visio"),
        (lambda m: {"agent_id": m.etranger.user.pk}, "agent_inconnu"),
    ],
)
def test_a_date_nobody_could_keep_is_refused(monde, change, code):
    demande = monde.rdv()
    with pytest.raises(DomainError) as refused:
        propose_dates(
            actor=monde.agent, demande_id=demande.pk, dates=[quand(monde.caisse, **change(monde))], version=1
        )
    assert refused.value.code == code
    assert not Horaire.objects.exists()


def test_a_closed_agence_or_one_of_another_caisse_is_refused(monde):
    from tests.rendez_vous.conftest import agence

    demande = monde.rdv()
    for place in (agence(monde.caisse, "Fermée", active=False), agence(monde.autre_caisse, "Ailleurs")):
        with pytest.raises(DomainError) as refused:
            fix_date(
                actor=monde.agent,
                demande_id=demande.pk,
                quand=quand(monde.caisse, type="PHYSIQUE", agence=place),
                version=1,
            )
        assert refused.value.code == "agence"


def test_the_database_holds_an_agence_to_its_caisse(monde):
    from tests.rendez_vous.conftest import agence

    foreign, demande = agence(monde.autre_caisse, "Ailleurs"), fixed(monde)
    with pytest.raises(IntegrityError), transaction.atomic():
        Horaire.objects.filter(demande=demande).update(type="PHYSIQUE", agence=foreign)


def test_a_closed_day_is_refused(monde):
    found = quand(monde.caisse, 4)
    FermetureLocale.objects.create(
        caisse=monde.caisse, jour=clock.local_date(found.debut), libelle="Inventaire"
    )
    with pytest.raises(DomainError) as refused:
        propose_dates(actor=monde.agent, demande_id=monde.rdv().pk, dates=[found], version=1)
    assert refused.value.code == "ferme"


def test_nobody_is_called_without_a_telephone(monde):
    demande = monde.rdv(personne={"telephone": ""})
    with pytest.raises(DomainError) as refused:
        fix_date(actor=monde.agent, demande_id=demande.pk, quand=quand(monde.caisse), version=1)
    assert refused.value.code == "sans_telephone"


@pytest.mark.parametrize("count", [0, 4])
def test_one_to_three_dates_are_proposed(monde, count):
    dates = [quand(monde.caisse, 2 + rank) for rank in range(count)]
    with pytest.raises(DomainError):
        propose_dates(actor=monde.agent, demande_id=monde.rdv().pk, dates=dates, version=1)


def test_an_agent_is_never_in_two_places(monde):
    own = {"agent_id": monde.agent.user.pk}
    fixed(monde, **own)
    with pytest.raises(DomainError) as refused:
        fixed(monde, **own)
    assert refused.value.code == "agent_pris"


# --- Moving, closing


def test_a_moved_appointment_frees_its_date_and_keeps_its_history(monde):
    demande = fixed(monde)
    former = fixe(demande)
    fix_date(actor=monde.agent, demande_id=demande.pk, quand=quand(monde.caisse, 8), version=demande.version)
    former.refresh_from_db()
    assert (former.etat, fixe(demande).pk != former.pk) == (EtatHoraire.LIBERE, True)
    steps = EtapeRendezVous.objects.filter(demande=demande).values_list("de", "vers")
    assert list(steps) == [(E.DEMANDE, E.CONFIRME), (E.CONFIRME, E.REPORTE), (E.REPORTE, E.CONFIRME)]


@pytest.mark.parametrize("side", ["technicien", "agent"])
def test_either_side_asks_for_another_date_and_tells_the_other(monde, side):
    demande = fixed(monde)
    actor = getattr(monde, side)
    free = FREE if side == "technicien" else None
    move_date(
        actor=actor, demande_id=demande.pk, raison="Empêchement", version=demande.version, disponibilites=free
    )
    assert again(demande).rendez_vous.statut == E.REPORTE
    assert not Horaire.objects.filter(demande=demande, etat=EtatHoraire.FIXE).exists()
    told = Courriel.objects.get(reference=demande.reference, evenement="rendez_vous_reporte")
    assert (told.destinataire_id == monde.technicien.user.pk) == (side == "agent")
    propose_dates(
        actor=monde.agent, demande_id=demande.pk, dates=[quand(monde.caisse, 9)], version=demande.version + 1
    )


def test_moving_needs_a_reason(monde):
    demande = fixed(monde)
    with pytest.raises(DomainError):
        move_date(actor=monde.agent, demande_id=demande.pk, raison=" ", version=demande.version)
    assert fixe(demande)


@pytest.mark.parametrize(("honore", "issue"), [(True, Issue.HONORE), (False, Issue.ABSENT)])
def test_whether_the_person_came_is_the_outcome_and_not_before(monde, honore, issue):
    demande = fixed(monde)
    with pytest.raises(DomainError) as refused:
        record_presence(actor=monde.agent, demande_id=demande.pk, honore=honore, version=demande.version)
    assert refused.value.code == "a_venir"
    with clock.at(fixe(demande).fin):
        record_presence(actor=monde.agent, demande_id=demande.pk, honore=honore, version=demande.version)
    done = again(demande)
    assert (done.issue, done.rendez_vous.statut) == (issue, issue.value)


def test_an_outcome_without_a_date_is_refused(monde):
    demande = monde.rdv()
    with pytest.raises(DomainError) as refused:
        decide(actor=monde.agent, demande_id=demande.pk, decision=Decision(Issue.HONORE), version=1)
    assert (refused.value.code, again(demande).statut) == ("rien_de_fixe", Statut.ENVOYEE)


def test_a_cancelled_demande_frees_its_date(monde):
    demande = fixed(monde)
    cancel_demande(
        membership=monde.technicien, reference=demande.reference, motif=Motif.objects.get(code="ERREUR")
    )
    assert again(demande).rendez_vous.statut == E.ANNULE_PERSONNE
    assert Horaire.objects.get(demande=demande).etat == EtatHoraire.LIBERE


def test_cancelled_by_the_caisse_then_reopened_everything_is_to_be_found_again(monde):
    demande = fixed(monde)
    decide(
        actor=monde.agent,
        demande_id=demande.pk,
        decision=Decision(Issue.ANNULE_CAISSE),
        version=demande.version,
    )
    assert again(demande).rendez_vous.statut == E.ANNULE_CAISSE
    reopen(
        actor=monde.agent, demande_id=demande.pk, raison="La personne a rappelé.", version=demande.version + 1
    )
    assert again(demande).rendez_vous.statut == E.DEMANDE


def test_nothing_is_proposed_on_what_is_closed_or_confirmed(monde):
    demande = fixed(monde)
    with pytest.raises(ForbiddenTransition):
        propose_dates(
            actor=monde.agent, demande_id=demande.pk, dates=[quand(monde.caisse, 9)], version=demande.version
        )
    closed = monde.rdv(statut=Statut.TRAITEE, issue=Issue.NON_RECEVABLE)
    with pytest.raises(DomainError):
        propose_dates(actor=monde.agent, demande_id=closed.pk, dates=[quand(monde.caisse, 9)], version=1)
