"""The periods of a dossier: one opens when it is received complete, and ends with the caisse's answer."""

from portal import clock
from portal.workflow import ClockEffect, Transition
from signalements.enums import Statut
from signalements.kinds.dossier.enums import FinPeriode
from signalements.kinds.dossier.models import Periode
from signalements.kinds.dossier.operations.completude import count_completed
from signalements.models import Demande
from signalements.operations.door import Actor


def follow_passage(demande: Demande, transition: Transition, actor: Actor) -> None:
    """Open or end a period, as the change of status does to the delay; the demande is locked and saved.

    A return ends the period; one that the caisse withdraws never happened. A demande that became a dossier has no
    period before it is complete, or the caisse goes on without what it asked for. Twice the same changes nothing.
    """
    effect = transition.clock_for(demande.fonction)
    last = Periode.objects.filter(demande=demande).order_by("rang").last()
    if effect in {ClockEffect.START, ClockEffect.RESTART}:
        _open(demande, last, sent=effect is ClockEffect.START and last is None)
        if effect is ClockEffect.RESTART:
            count_completed(demande)
    elif last is None:
        if effect is ClockEffect.RESUME:
            _open(demande, None, sent=False)
    elif effect is ClockEffect.SUSPEND:
        _close(demande, last, FinPeriode.RETOUR)
    elif effect is ClockEffect.STOP:
        fin = FinPeriode.ANNULATION if transition.target == Statut.ANNULEE else FinPeriode.DECISION
        _close(demande, last, fin)
    elif effect is ClockEffect.RESUME:
        last.close_le, last.fin, last.echeance = None, "", demande.echeance or last.echeance
        last.save(update_fields=["close_le", "fin", "echeance"])


def _open(demande: Demande, last: Periode | None, *, sent: bool) -> None:
    """From the sending, or from today for a dossier completed or reopened."""
    today = demande.caisse.today()
    received = today
    if sent and demande.envoyee_le is not None:
        received = clock.local_date(demande.envoyee_le, demande.caisse.fuseau)
    Periode.objects.create(
        demande=demande,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        rang=last.rang + 1 if last else 1,
        recue_le=received,
        echeance=demande.echeance or today,
    )


def leave(demande: Demande) -> None:
    """The demande is treated as another service: the period under way ends there."""
    last = Periode.objects.filter(demande=demande).order_by("rang").last()
    if last is not None:
        _close(demande, last, FinPeriode.REORIENTEE)


def come_back(demande: Demande) -> None:
    """It is treated as a dossier again: the period the change had ended runs on, today at the earliest."""
    last = Periode.objects.filter(demande=demande).order_by("rang").last()
    if last is None or last.fin != FinPeriode.REORIENTEE:
        return
    last.close_le, last.fin = None, ""
    last.echeance = max(last.echeance, demande.caisse.today())
    last.save(update_fields=["close_le", "fin", "echeance"])
    if not demande.urgente:
        demande.echeance = last.echeance
        demande.save(update_fields=["echeance"])


def _close(demande: Demande, last: Periode, fin: FinPeriode) -> None:
    if last.close_le is not None:
        return
    last.close_le, last.fin = max(demande.caisse.today(), last.recue_le), fin
    last.save(update_fields=["close_le", "fin"])
