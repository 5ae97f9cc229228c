"""Decisions that can be undone for two minutes: held, then given as they were decided, or set aside."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, transaction

from accounts.memberships import Membership, membership_of
from accounts.permissions import Act, can
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.workflow import SYSTEME
from signalements import courriels
from signalements.enums import Statut
from signalements.models import DecisionRetenue, Demande
from signalements.notifications import caisse_link
from signalements.operations.decisions import Decision, decide
from signalements.operations.door import lock_demande

logger = logging.getLogger(__name__)

ReadDecision = Callable[[Demande, Mapping[str, list[str]]], Decision]
"""Reads what was posted with the form of decision of the kind; DomainError when it is not right any more."""

KEPT = timedelta(days=30)
"""How long what was not given waits for its author."""

LONGEST_RAISON = 300
UNEXPECTED = (
    "Une erreur est survenue et rien n’est parti\u00a0: relisez la décision, puis rendez-la de nouveau."
)


class _Tried(Exception):
    """The decision could be given now; nothing of the attempt stays."""


def hold_decision(
    *,
    actor: Membership,
    demande_id: int,
    decision: Decision,
    saisie: Mapping[str, list[str]],
    version: int,
) -> DecisionRetenue | None:
    """Decide; the structure reads it ANNULATION_DECISION_SECONDES later, unless it is undone before.

    Everything `decide` checks is checked now. The delay of the demande ends now. The same decision posted twice is
    held once. With no time to undo it is given at once, and there is nothing to return.
    Order of effects: the decision given and taken back, demande locked, decision kept, journal.

    Raises:
        StaleObject, DomainError, ForbiddenTransition: as `decide`; somebody else's decision is about to leave.
    """
    wait = settings.ANNULATION_DECISION_SECONDES
    if not wait:
        decide(actor=actor, demande_id=demande_id, decision=decision, version=version)
        return None
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        held = DecisionRetenue.objects.filter(demande=demande, prend_effet_le__isnull=False).first()
        if held is not None:
            if held.acteur_id == actor.acteur_id and held.saisie == dict(saisie):
                return held
            raise DomainError(
                "Une décision est déjà rendue sur cette demande et va partir. Annulez-la d’abord.",
                code="decision_en_attente",
            )
        _try(actor, demande_id, decision, version)
        now = clock.now()
        row, _ = DecisionRetenue.objects.update_or_create(
            demande=demande,
            acteur=actor.user,
            defaults={
                "caisse_id": demande.caisse_id,
                "partenaire_id": demande.partenaire_id,
                "issue": decision.issue,
                "saisie": dict(saisie),
                "version": version,
                "le": now,
                "prend_effet_le": now + timedelta(seconds=wait),
                "raison": "",
            },
        )
        _journal(actor, demande, "decision_retenue")
    return row


def _try(actor: Membership, demande_id: int, decision: Decision, version: int) -> None:
    """Give the decision and take it back: every rule has spoken, nothing has happened."""
    try:
        with transaction.atomic():
            decide(actor=actor, demande_id=demande_id, decision=decision, version=version)
            raise _Tried
    except _Tried:
        pass


def undo_decision(*, actor: Membership, demande_id: int) -> Demande:
    """Keep a decision from leaving; what was typed waits for its author. Undone twice, it changes nothing.

    Order of effects: demande locked, decision no longer due, journal.

    Raises:
        DomainError: it has left, or it is somebody else's and this person is no superviseur.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        row = DecisionRetenue.objects.filter(demande=demande, prend_effet_le__isnull=False).first()
        if row is None:
            if demande.statut == Statut.TRAITEE:
                raise DomainError(
                    "La décision est partie\u00a0: la structure l’a reçue. Pour y revenir, rouvrez la demande.",
                    code="decision_partie",
                )
            return demande
        if row.acteur_id != actor.acteur_id and not can(actor, Act.SUPERVISER):
            raise DomainError("Cette décision est celle d’une autre personne.", code="pas_la_votre")
        _set_aside(row, "" if row.acteur_id == actor.acteur_id else "Un superviseur l’a annulée.")
        _journal(actor, demande, "decision_annulee")
    return demande


def forget_decision(*, actor: Membership, demande_id: int) -> None:
    """Drop what this person had typed and did not give."""
    DecisionRetenue.objects.filter(
        demande_id=demande_id, acteur=actor.user, prend_effet_le__isnull=True
    ).delete()


def give_due_decisions(limit: int, read: ReadDecision) -> int:
    """Give the decisions whose time has come, one transaction each; how many were dealt with.

    Safe twice and in two places: each is looked at again once its demande is locked.
    """
    due = DecisionRetenue.objects.filter(prend_effet_le__lte=clock.now()).order_by("prend_effet_le")
    # The role of the scope is taken at the start of a transaction: outside one nothing may be read.
    with transaction.atomic():
        found = list(due.values_list("pk", "demande_id")[:limit])
    for pk, demande_id in found:
        with transaction.atomic():
            demande = lock_demande(SYSTEME, demande_id)
            row = due.filter(pk=pk).select_related("acteur").first()
            if row is not None:
                _give(row, demande, read)
    return len(found)


def _give(row: DecisionRetenue, demande: Demande, read: ReadDecision) -> None:
    """Give a decision as it was when it was decided, or set it aside and tell its author why."""
    actor = membership_of(row.acteur)
    try:
        if actor is None or not can(actor, Act.TRAITER_DEMANDE, demande):
            raise DomainError("Votre compte ne traite plus cette demande.", code="acteur")
        with transaction.atomic():
            decision = read(demande, row.saisie)
            decide(actor=actor, demande_id=demande.pk, decision=decision, version=row.version, le=row.le)
    except DomainError as error:
        _set_aside(row, error.message)
        _tell_author(row, demande)
    except OperationalError:
        # The database itself, or two that wait for each other: the next round tries again.
        raise
    except Exception:
        # One broken decision must not keep the others waiting; the log says what happened, without any text.
        logger.exception("The decision on %s could not be given", demande.reference)
        _set_aside(row, UNEXPECTED)
        _tell_author(row, demande)
    else:
        row.delete()


def _set_aside(row: DecisionRetenue, raison: str) -> None:
    row.prend_effet_le, row.raison = None, raison[:LONGEST_RAISON]
    row.save(update_fields=["prend_effet_le", "raison"])


def _tell_author(row: DecisionRetenue, demande: Demande) -> None:
    queue(
        courriels.DECISION_NON_PARTIE,
        cle=f"{row.pk}:{row.le.isoformat()}",
        destinataires=[row.acteur],
        reference=demande.reference,
        lien=caisse_link(demande),
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
    )


def forget_old_decisions(limit: int) -> int:
    """Erase what was typed and not given for thirty days; how many."""
    old = DecisionRetenue.objects.filter(prend_effet_le__isnull=True, le__lte=clock.now() - KEPT)
    return DecisionRetenue.objects.filter(pk__in=old.order_by("le").values("pk")[:limit]).delete()[0]


def _journal(actor: Membership, demande: Demande, acte: str) -> None:
    record(
        Verbe.MODIFICATION,
        actor=actor,
        partenaire_id=demande.partenaire_id,
        objet="demande",
        objet_id=demande.reference,
        details={"acte": acte},
    )
