"""How a convention ends: denounced within its notice, terminated, with its métier, or at its term (art. 8.2)."""

from datetime import date
from typing import Any

from django.db import transaction

from partners.courriels import CONVENTION_TERMINEE
from partners.endings import leaning_on
from partners.enums import (
    ActeConvention,
    EtatConvention,
    MotifFin,
    Partie,
    RegimePreavis,
    SuiteDemandes,
)
from partners.models import Convention
from partners.notifications import tell_referents
from partners.operations.door import change_state, lock_convention, log_act
from partners.rules import end_by_itself, end_if_denounced, notice_deadline
from portal import clock
from portal.audit.journal import Actor
from portal.errors import DomainError
from portal.workflow import SYSTEME


def suspend(
    *, actor: Actor, convention: Convention, commentaire: str, version: int | None = None
) -> Convention:
    """Suspend a convention for a reason of security: it opens nothing from the next page on.

    Raises:
        DomainError: not in force, no reason, not within reach.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        change_state(locked, EtatConvention.SUSPENDUE, actor=actor, commentaire=commentaire)
    return locked


def resume(*, actor: Actor, convention: Convention, version: int | None = None) -> Convention:
    """End a suspension: the convention opens again what it opened.

    Raises:
        DomainError: not suspended, not within reach.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        open_notice = locked.mises_en_demeure.filter(levee_le=None, resiliee_le=None).exists()
        target = EtatConvention.MISE_EN_DEMEURE if open_notice else EtatConvention.ACTIVE
        change_state(locked, target, actor=actor)
    return locked


def denounce(
    *,
    actor: Actor,
    convention: Convention,
    par: Partie,
    le: date,
    fin: date | None = None,
    suite: SuiteDemandes = SuiteDemandes.TERMINER,
    version: int | None = None,
) -> Convention:
    """Record that a party denounced a convention on `le`: it stays in force until its last day.

    The last day is the eve of the échéance when the notice is kept, that of the next one when it is late; `fin` is
    chosen where the text allows any moment, or by the caisse in its stead (domaine.md §15.6).

    Raises:
        DomainError: not in force, already denounced, no denunciation provided for, a day to come, a last day that is
            missing or before the denunciation.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        _ensure_living(locked)
        if locked.denoncee_le is not None:
            raise DomainError("Cette convention est déjà dénoncée.", code="deja_denoncee")
        if locked.regime_preavis == RegimePreavis.AUCUN:
            raise DomainError(
                "Cette convention ne prévoit pas de dénonciation\u00a0: seuls un commun accord ou un manquement y "
                "mettent fin.",
                code="sans_denonciation",
            )
        if le > locked.caisse.today():
            raise DomainError("La dénonciation ne peut pas être à venir.", field="le", code="a_venir")
        last = fin or end_if_denounced(locked, le)
        if last is None:
            raise DomainError("Choisissez le dernier jour de la convention.", field="fin", code="fin")
        if last < le:
            raise DomainError(
                "Le dernier jour ne peut pas précéder la dénonciation.", field="fin", code="fin_avant"
            )
        changes = {
            "denoncee_le": le,
            "denoncee_par": par,
            "date_fin": min(last, locked.date_fin) if locked.date_fin else last,
            "suite_demandes": suite,
        }
        log_act(locked, ActeConvention.DENONCIATION, actor=actor, changes=changes, jour=last, partie=par)
    return locked


def withdraw_denunciation(*, actor: Actor, convention: Convention, version: int | None = None) -> Convention:
    """Withdraw a denunciation before the last day has passed: the convention goes on, to its term when it has one.

    Raises:
        DomainError: not denounced, or over.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        _ensure_living(locked)
        if locked.denoncee_le is None:
            raise DomainError("Cette convention n’est pas dénoncée.", code="pas_denoncee")
        if locked.date_fin is not None and locked.date_fin < locked.caisse.today():
            raise DomainError("Le dernier jour de cette convention est passé.", code="trop_tard")
        last = end_by_itself(locked, locked.echeance)
        changes = {"denoncee_le": None, "denoncee_par": "", "date_fin": last}
        log_act(locked, ActeConvention.RETRAIT, actor=actor, changes=changes)
    return locked


def terminate(
    *,
    actor: Actor,
    convention: Convention,
    motif: MotifFin,
    fin: date,
    commentaire: str = "",
    suite: SuiteDemandes = SuiteDemandes.TERMINER,
    version: int | None = None,
) -> Convention:
    """Terminate a convention; `fin` is its last day, today at the latest. What leans on it ends the same day.

    After a breach, only once the delay of the mise en demeure is over; otherwise by common accord. A text that was
    never signed is given up by common accord.

    Raises:
        DomainError: no mise en demeure or its delay runs, a reason that is not a person's to give, a day to come or
            before the date d'effet, over already.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        today = locked.caisse.today()
        if fin > today:
            raise DomainError(
                "Le dernier jour ne peut pas être à venir\u00a0: dénoncez la convention pour une date à venir.",
                field="fin",
                code="a_venir",
            )
        if locked.date_effet is not None and fin < locked.date_effet:
            raise DomainError("La fin ne peut pas précéder la date d’effet.", field="fin", code="dates")
        if motif == MotifFin.MANQUEMENT:
            _end_notice(locked, fin, today)
        elif motif != MotifFin.ACCORD:
            raise DomainError("Choisissez un motif de la liste.", field="motif", code="motif")
        end(locked, actor=actor, motif=motif, fin=fin, suite=suite, commentaire=commentaire)
    return locked


def end(
    convention: Convention,
    *,
    actor: Actor,
    motif: MotifFin,
    fin: date,
    suite: SuiteDemandes | str | None = None,
    commentaire: str = "",
) -> None:
    """Close a locked convention on its last day, then every utilisation that leans on it (art. 8.2-a).

    The référents are told. Accounts and demandes follow by their own sweeps, which read the database.
    """
    living = convention.date_effet is not None
    target = EtatConvention.EXPIREE if motif == MotifFin.TERME else EtatConvention.RESILIEE
    changes: dict[str, Any] = {"motif_fin": motif}
    if living:
        changes["date_fin"] = min(fin, convention.date_fin) if convention.date_fin else fin
    if suite is not None:
        changes["suite_demandes"] = suite
    change_state(convention, target, actor=actor, jour=fin, commentaire=commentaire, changes=changes)
    if living:
        tell_referents(convention, CONVENTION_TERMINEE)
    for leaning in leaning_on(convention):
        locked = lock_convention(SYSTEME, leaning.pk)
        last = fin if locked.date_effet is None else max(fin, locked.date_effet)
        end(locked, actor=SYSTEME, motif=MotifFin.METIER, fin=last, suite=convention.suite_demandes)


def _end_notice(convention: Convention, fin: date, today: date) -> None:
    notice = convention.mises_en_demeure.select_for_update().filter(levee_le=None, resiliee_le=None).first()
    if notice is None:
        raise DomainError(
            "Il faut d’abord une mise en demeure restée sans effet.",
            field="motif",
            code="sans_mise_en_demeure",
        )
    deadline = notice_deadline(notice)
    if deadline is None:
        raise DomainError(
            "Le délai de la mise en demeure court de sa réception\u00a0: saisissez d’abord ce jour.",
            code="reception",
        )
    if fin <= deadline or today <= deadline:
        raise DomainError(
            f"La partie mise en demeure a jusqu’au {deadline:%d/%m/%Y} pour remédier au manquement.",
            field="fin",
            code="delai_en_cours",
        )
    notice.resiliee_le = clock.today(convention.caisse.fuseau)
    notice.save(update_fields=["resiliee_le"])


def _ensure_living(convention: Convention) -> None:
    if convention.date_effet is None or convention.motif_fin:
        raise DomainError("Cette convention n’est pas en vigueur.", code="pas_en_vigueur")
