"""The caisse's side: pièces checked, returns and periods, the decision and its dates."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from caisses.enums import ListeMotifs
from caisses.models import Motif, TypePiece
from portal import clock
from portal.errors import DomainError
from portal.tenancy import scope
from portal.workflow import ForbiddenTransition
from signalements.clocks import read_deadline
from signalements.enums import Issue, Statut
from signalements.kinds.dossier.enums import Controle, FinPeriode
from signalements.kinds.dossier.forms_caisse import ticked_at_first
from signalements.kinds.dossier.models import Periode
from signalements.kinds.dossier.operations.controle import Constat, check_pieces
from signalements.kinds.dossier.operations.decision import DecisionDossier, keep_decision
from signalements.kinds.dossier.queries import add_months, periodes_of, pieces_of
from signalements.kinds.dossier.suivi import legal_limit
from signalements.models import Demande
from signalements.operations.complements import ElementDemande, request_complement, withdraw_complement
from signalements.operations.completion import cancel_demande
from signalements.operations.decisions import Decision, reopen
from signalements.operations.traitement import take_charge
from tests.signalements.partner.conftest import personne

pytestmark = pytest.mark.django_db


def as_caisse(monde, act, **kwargs):
    """An act of the agent."""
    with scope("caisse", monde.caisse.pk), transaction.atomic():
        return act(actor=monde.agent, **kwargs)


def periods(demande):
    """(rank, what ended it, how many days) of each."""
    rows = Periode.objects.filter(demande=demande).order_by("rang")
    return [(row.rang, row.fin, (row.close_le - row.recue_le).days if row.close_le else None) for row in rows]


def in_days(days):
    """So many days from now."""
    return clock.at(clock.now() + timedelta(days=days))


# --- Checking


def test_the_agent_checks_each_piece(monde):
    demande = monde.sent()
    piece = monde.pieces(demande)["AVIS_FISCAL"]
    as_caisse(
        monde, check_pieces, demande_id=demande.pk, constats={piece.pk: Constat("ILLISIBLE", " page 2 ")}
    )
    piece.refresh_from_db()
    assert (piece.controle, piece.observation, piece.controlee_par) == (
        Controle.ILLISIBLE,
        "page 2",
        monde.agent.user,
    )


def test_a_foreign_piece_or_an_unknown_finding_is_refused(monde):
    demande = monde.sent()
    piece = monde.pieces(demande)["AVIS_FISCAL"]
    for constats in ({piece.pk + 999: Constat("CONFORME")}, {piece.pk: Constat("PARFAIT")}):
        with pytest.raises(DomainError):
            as_caisse(monde, check_pieces, demande_id=demande.pk, constats=constats)


def test_what_was_found_wrong_is_ticked_in_a_return_with_its_reason(monde):
    demande = monde.sent()
    pieces = monde.pieces(demande)
    constats = {
        pieces["FORMULAIRE_CSS"].pk: Constat("ILLISIBLE"),
        pieces["AVIS_FISCAL"].pk: Constat("MANQUANTE", "année 2025"),
    }
    as_caisse(monde, check_pieces, demande_id=demande.pk, constats=constats)
    raisons = list(Motif.objects.filter(liste=ListeMotifs.RETOUR))
    ticked = ticked_at_first(pieces_of(demande), raisons)
    by_pk = {str(raison.pk): raison.code for raison in raisons}
    form, avis = (TypePiece.objects.get(code=code).pk for code in ("FORMULAIRE_CSS", "AVIS_FISCAL"))
    assert (ticked[f"piece_{form}"], by_pk[ticked[f"raison_{form}"]]) == (True, "PIECE_ILLISIBLE")
    assert by_pk[ticked[f"raison_{avis}"]] == "AVIS_FISCAL"
    assert ticked[f"precision_{avis}"] == "année 2025"


# --- Periods


def test_a_return_ends_the_period_and_the_completed_dossier_opens_a_new_one(monde):
    demande = monde.sent()
    with in_days(10):
        complement = monde.give_back(demande)
        assert periods(demande) == [(1, FinPeriode.RETOUR, 10)]
        returned = monde.read(demande)
        assert returned.statut == Statut.A_COMPLETER
        assert "retourné" in read_deadline(returned).texte
    with in_days(25):
        completed = monde.complete(demande, complement)
        assert completed.echeance == monde.caisse.today() + timedelta(days=29)
        assert periods(demande) == [(1, FinPeriode.RETOUR, 10), (2, "", None)]
    with in_days(30):
        monde.decide(demande, Decision(Issue.SANS_SUITE))
    assert periods(demande) == [(1, FinPeriode.RETOUR, 10), (2, FinPeriode.DECISION, 5)]


def test_a_withdrawn_return_never_happened(monde):
    demande = monde.sent()
    as_caisse(monde, take_charge, demande_id=demande.pk)
    with in_days(10):
        monde.give_back(demande)
    with in_days(12):
        as_caisse(monde, withdraw_complement, demande_id=demande.pk)
    assert periods(demande) == [(1, "", None)]
    echeance = monde.read(demande).echeance
    assert Periode.objects.get(demande=demande).echeance == echeance
    assert echeance == monde.caisse.today() + timedelta(days=31)


def test_a_returned_dossier_answered_twice_opens_one_period(monde):
    demande = monde.sent()
    complement = monde.give_back(demande)
    monde.complete(demande, complement)
    monde.complete(demande, complement)
    assert periods(demande) == [(1, FinPeriode.RETOUR, 0), (2, "", None)]


def test_a_dossier_is_not_returned_twice_at_once(monde):
    demande = monde.sent()
    monde.give_back(demande)
    with pytest.raises(ForbiddenTransition):
        monde.give_back(demande)


def test_cancelling_and_reopening_leave_their_mark(monde):
    demande = monde.sent()
    with scope("partenaire", monde.structure.pk), transaction.atomic():
        motif = Motif.objects.get(liste=ListeMotifs.ANNULATION)
        cancel_demande(membership=monde.technicien, reference=demande.reference, motif=motif)
    assert periods(demande) == [(1, FinPeriode.ANNULATION, 0)]
    decided = monde.sent("PUMA")
    monde.decide(decided, Decision(Issue.SANS_SUITE))
    as_caisse(monde, reopen, demande_id=decided.pk, raison="Élément nouveau")
    assert periods(decided) == [(1, FinPeriode.DECISION, 0), (2, "", None)]


def test_a_return_takes_its_reasons_from_its_own_list(monde):
    demande = monde.sent()
    Motif.objects.create(liste=ListeMotifs.COMPLEMENT, code="RETOUR_NON", libelle="Autre liste")
    raison = Motif.objects.get(code="RETOUR_NON")
    with pytest.raises(DomainError):
        as_caisse(
            monde,
            request_complement,
            demande_id=demande.pk,
            elements=[ElementDemande("RIB", None, raison)],
            message="",
            cle=uuid.uuid4(),
        )


# --- The law


def test_the_legal_limit_counts_from_the_complete_dossier(monde):
    demande = monde.sent()
    today = monde.caisse.today()
    assert legal_limit(demande, periodes_of(demande))[0] == add_months(today, 2)
    with in_days(3):
        complement = monde.give_back(demande)
        assert legal_limit(monde.read(demande), periodes_of(demande)) is None
    with in_days(8):
        completed = monde.complete(demande, complement)
        assert legal_limit(completed, periodes_of(demande))[0] == add_months(today + timedelta(days=8), 2)


def test_silence_means_agreement_for_css_and_refusal_for_ame(monde):
    css, ame = monde.sent(), monde.sent("AME", "RENOUVELLEMENT", personne=personne(prenom="Louise"))
    assert "acceptée" in legal_limit(css, periodes_of(css))[1]
    assert "refusée" in legal_limit(ame, periodes_of(ame))[1]


# --- The decision


def granted(monde, **changes):
    """An agreement from today, for a year."""
    today = monde.caisse.today()
    given = {"decidee_le": today, "effet_le": today, "fin_le": add_months(today, 12), "participation": False}
    decision = DecisionDossier(**{**given, **changes})
    return Decision(Issue.ACCORD, suite=lambda demande: keep_decision(demande, given=decision))


def test_an_agreement_keeps_its_dates_and_its_next_reminder(monde):
    demande = monde.decide(monde.sent(), granted(monde))
    dossier = demande.dossier
    today = monde.caisse.today()
    assert (demande.statut, demande.issue) == (Statut.TRAITEE, Issue.ACCORD)
    assert (dossier.effet_le, dossier.fin_le, dossier.participation) == (today, add_months(today, 12), False)
    assert dossier.prochain_rappel_le == add_months(dossier.fin_le, -4)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (lambda today: {"fin_le": today - timedelta(days=1)}, "fin_le"),
        (lambda today: {"effet_le": today - timedelta(days=1)}, "effet_le"),
        (lambda today: {"effet_le": None}, "effet_le"),
        (lambda today: {"decidee_le": today - timedelta(days=1)}, "decidee_le"),
    ],
)
def test_impossible_dates_are_refused_and_nothing_is_decided(monde, changes, field):
    demande = monde.sent()
    with pytest.raises(DomainError) as caught:
        monde.decide(demande, granted(monde, **changes(monde.caisse.today())))
    assert caught.value.field == field
    assert monde.read(demande).statut == Statut.ENVOYEE


def test_a_refusal_keeps_no_right(monde):
    motif = Motif.objects.get(liste=ListeMotifs.REFUS, code="PLAFOND")
    decision = DecisionDossier(decidee_le=monde.caisse.today(), recours="Par courrier.")
    refused = Decision(Issue.REFUS, motif, suite=lambda d: keep_decision(d, given=decision))
    dossier = monde.decide(monde.sent(), refused).dossier
    assert (dossier.fin_le, dossier.prochain_rappel_le, dossier.recours) == (None, None, "Par courrier.")


def test_the_conseiller_sees_no_dossier(monde):
    demande = monde.sent()
    assert not Demande.objects.visible_to(monde.conseiller).filter(pk=demande.pk).exists()


def test_a_conseiller_checks_nothing(monde):
    demande = monde.sent()
    piece = monde.pieces(demande)["AVIS_FISCAL"]
    with pytest.raises(Demande.DoesNotExist), scope("systeme"), transaction.atomic():
        constats = {piece.pk: Constat("CONFORME")}
        check_pieces(actor=monde.conseiller, demande_id=demande.pk, constats=constats)
