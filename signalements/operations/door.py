"""The door of the demandes: every change of status goes through here."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.memberships import Membership
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.tenancy import scope
from portal.ui.text import hour_in_words
from portal.workflow import StaleObject, Systeme, Transition, apply_transition, lock
from signalements.clocks import gross_and_net, kept_promise, move_clock
from signalements.enums import Cote, Statut
from signalements.kinds.registry import kind_of
from signalements.models import Demande, Passage
from signalements.transitions import TABLE

Actor = Membership | Systeme


def cote_of(actor: Actor) -> Cote:
    """On which side an actor stands."""
    if isinstance(actor, Systeme):
        return Cote.SYSTEME
    return Cote.PARTENAIRE if actor.partenaire_id is not None else Cote.CAISSE


def lock_demande(actor: Actor, pk: int, *, version: int | None = None) -> Demande:
    """Lock a demande this actor may see, until the end of the transaction.

    Raises:
        Demande.DoesNotExist: there is none for this actor.
        StaleObject: it is no longer at `version`.
        DomainError: its personal data are erased: nothing happens to it any more.
    """
    rows = Demande.objects.all() if isinstance(actor, Systeme) else Demande.objects.visible_to(actor)
    demande = lock(rows.select_related("caisse", "partenaire"), pk)
    if demande.est_effacee:
        raise DomainError(
            "Les données personnelles de cette demande ont été effacées\u00a0: elle ne change plus.",
            code="effacee",
        )
    if version is not None and demande.version != version:
        change = _last_change(demande)
        raise StaleObject(
            f"La demande a changé depuis que vous l’avez ouverte{f' ({change})' if change else ''}. Votre texte est "
            "conservé ci-dessous\u00a0: vérifiez l’état de la demande avant de recommencer.",
            code="perimee",
        )
    return demande


SHORTLY = timedelta(minutes=5)
CHANGEMENTS = {
    Statut.ENVOYEE: "rendue à la file",
    Statut.EN_COURS: "prise en charge",
    Statut.A_COMPLETER: "complément demandé",
    Statut.COMPLETEE: "complément reçu",
    Statut.TRAITEE: "décision rendue",
    Statut.ANNULEE: "annulée par la structure",
}


def _last_change(demande: Demande) -> str:
    """What changed last and when, « décision rendue à 10 h 04 »; nothing when the log does not say."""
    last = demande.passages.order_by("-le", "-id").first()
    if last is None or last.vers != demande.statut or demande.modifiee_le - last.le > SHORTLY:
        return ""
    moment = last.le.astimezone(ZoneInfo(demande.caisse.fuseau))
    return f"{CHANGEMENTS[Statut(last.vers)]} à {hour_in_words(moment)}"


def change_status(
    demande: Demande,
    target: str,
    *,
    actor: Actor,
    commentaire: str = "",
    changes: dict[str, Any] | None = None,
    le: datetime | None = None,
) -> Transition:
    """Bring a locked demande to `target`; write its Passage row and the journal.

    Order of effects: table, comment, clock, row saved, Passage, journal, what the kind does of it. Mails are
    the caller's.

    Args:
        demande: locked by `lock_demande`.
        changes: further fields to set with the status (issue, assignee_a…).
        le: when it takes effect, when that is not now.

    Raises:
        ForbiddenTransition: the table holds no such change for this actor's role.
        DomainError: a comment is due.
    """
    now = clock.now()

    def log(instance: Demande, transition: Transition) -> None:
        today = clock.local_date(le or now, instance.caisse.fuseau)
        gross, net = gross_and_net(instance, today)
        Passage.objects.create(
            demande=instance,
            caisse_id=instance.caisse_id,
            partenaire_id=instance.partenaire_id,
            de=transition.source,
            vers=transition.target,
            le=le or now,
            acteur_id=actor.acteur_id,
            cote=cote_of(actor),
            commentaire=commentaire.strip(),
            issue=instance.issue,
            jours_bruts=gross,
            jours_nets=net,
            dans_delai=kept_promise(instance, transition.target, today),
        )

    transition = apply_transition(
        demande,
        target,
        table=TABLE,
        role=actor.role,
        comment=commentaire,
        move_clock=move_clock,
        log=log,
        changes={**(changes or {}), "modifiee_le": now},
    )
    _journal(demande, transition, actor)
    after = kind_of(demande).apres_passage
    if after is not None:
        after(demande, transition, actor)
    return transition


def unsend(demande: Demande, *, actor: Actor, changes: dict[str, Any]) -> None:
    """Bring a locked demande that has not left back to its draft, through the same table.

    The sending leaves the log of statuses, which tells what the caisse received; the journal keeps both.

    Raises:
        ForbiddenTransition: the table holds no such change for this actor's role.
    """

    def log(instance: Demande, transition: Transition) -> None:
        # No role of a tenant may delete rows of the log.
        with scope("systeme"):
            Passage.objects.filter(demande=instance).delete()

    transition = apply_transition(
        demande,
        Statut.BROUILLON,
        table=TABLE,
        role=actor.role,
        move_clock=move_clock,
        log=log,
        changes={**changes, "modifiee_le": clock.now()},
    )
    _journal(demande, transition, actor)


def _journal(demande: Demande, transition: Transition, actor: Actor) -> None:
    record(
        Verbe.TRANSITION,
        actor=actor,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        objet="demande",
        objet_id=demande.reference,
        details={"de": transition.source, "vers": transition.target, "version": demande.version},
    )
