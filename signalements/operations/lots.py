"""Acts on many demandes: asked once, done line by line in short transactions, safe to run twice.

The lot and its lines are the queue. The worker is nudged when a lot is asked; the sweep `lots` finds what was lost.
"""

import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.memberships import Membership, membership_of
from accounts.permissions import Act, can
from caisses.models import Equipe
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.nudge import nudge
from portal.tenancy import scope
from portal.workflow import StaleObject
from signalements import courriels
from signalements.enums import ActeLot, EtatLigne
from signalements.models import Demande, Etiquette, LigneLot, Lot
from signalements.notifications import QUEUE_PATH
from signalements.operations.etiquettes import put_label, remove_label
from signalements.operations.reorientation import move_to_team
from signalements.operations.traitement import assign, receiver, release, take_charge
from signalements.queries.agents import staff_caisse

logger = logging.getLogger(__name__)

LOT_TASK = "signalements.lot"
MOST_LINES = 1_000
SLICE_SECONDS = 60
"""A lot somebody works on is left to them that long; then the sweep takes its other lines."""

CHANGED = "La demande a changé depuis que vous l’avez choisie."
GONE = "La demande n’est plus dans votre file."
NOT_YOURS = "Votre rôle ne permet plus cet acte."
UNEXPECTED = "Une erreur est survenue. Recommencez pour cette demande."
OF_A_SUPERVISEUR = frozenset({ActeLot.ATTRIBUER})
WITH_A_LABEL = frozenset({ActeLot.POSER, ActeLot.RETIRER})


@dataclass(frozen=True)
class Choisie:
    """A demande as it stood when it was chosen."""

    pk: int
    partenaire_id: int
    version: int


def ask_lot(
    *,
    actor: Membership,
    acte: ActeLot,
    cible: int | None,
    choisies: Iterable[Choisie],
    cle: uuid.UUID,
) -> Lot:
    """Ask for an act on many demandes. A replay of the same form gives back the lot it made.

    Order of effects: rights, target, lot and its lines, journal; the worker is nudged at commit.

    Raises:
        PermissionDenied: the act is not of this role.
        DomainError: nothing is chosen, or the target is not the caisse's.
    """
    caisse = staff_caisse(actor)
    if acte in OF_A_SUPERVISEUR and not can(actor, Act.SUPERVISER):
        raise PermissionDenied
    lines = {line.pk: line for line in choisies}
    if not lines:
        raise DomainError("Cochez au moins une demande.", field="demandes", code="rien_choisi")
    with transaction.atomic():
        made = Lot.objects.filter(caisse=caisse, cle=cle, auteur=actor.user).first()
        if made is not None:
            return made
        _require_target(actor, acte, cible)
        lot = Lot.objects.create(
            caisse=caisse,
            auteur=actor.user,
            cle=cle,
            acte=acte,
            cible=cible,
            total=len(lines),
            cree_le=clock.now(),
        )
        LigneLot.objects.bulk_create(
            LigneLot(
                lot=lot,
                demande_id=line.pk,
                version=line.version,
                caisse_id=lot.caisse_id,
                partenaire_id=line.partenaire_id,
            )
            for line in lines.values()
        )
        details = {"acte": acte.value, "cible": cible, "demandes": len(lines)}
        record(Verbe.CREATION, actor=actor, objet="lot", objet_id=lot.pk, details=details)
        nudge(LOT_TASK, str(lot.pk))
    return lot


def _require_target(actor: Membership, acte: ActeLot, cible: int | None) -> None:
    if acte == ActeLot.ATTRIBUER:
        receiver(actor, cible or 0)
    elif acte == ActeLot.CONFIER:
        if not Equipe.objects.filter(pk=cible or 0, caisse_id=actor.caisse_id or 0, active=True).exists():
            raise DomainError("Choisissez une équipe de la caisse.", field="acte", code="equipe_inconnue")
    elif (
        acte in WITH_A_LABEL and not Etiquette.objects.palette(actor.caisse_id).filter(pk=cible or 0).exists()
    ):
        raise DomainError("Cette étiquette n’existe plus.", field="acte", code="etiquette_inconnue")


def run_lot(lot_id: uuid.UUID) -> None:
    """Do what is left of a lot, line by line; lines another process works on are left to it. In scope « systeme »."""
    with transaction.atomic():
        lot = Lot.objects.select_related("caisse", "auteur").filter(pk=lot_id, fini_le__isnull=True).first()
        if lot is None:
            return
        Lot.objects.filter(pk=lot.pk).update(essai_le=clock.now())
        actor = membership_of(lot.auteur) if lot.auteur else None
        ids = list(
            LigneLot.objects.filter(lot=lot, etat=EtatLigne.A_FAIRE)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
    with scope("caisse", lot.caisse_id):
        for line_id in ids:
            _run_line(lot, actor, line_id)
    _finish(lot)


def _run_line(lot: Lot, actor: Membership | None, line_id: int) -> None:
    """One line, in its own transaction: what it did and what became of it are written together."""
    with transaction.atomic():
        rows = LigneLot.objects.select_for_update(skip_locked=True)
        line = rows.filter(pk=line_id, etat=EtatLigne.A_FAIRE).first()
        if line is None:
            return
        line.raison = _outcome(lot, actor, line)
        line.etat = EtatLigne.ECHEC if line.raison else EtatLigne.FAITE
        line.save(update_fields=["etat", "raison"])


def _outcome(lot: Lot, actor: Membership | None, line: LigneLot) -> str:
    """Act on one demande; why it failed, or nothing."""
    if actor is None or actor.caisse_id != lot.caisse_id or not can(actor, Act.TRAITER_DEMANDE):
        return NOT_YOURS
    try:
        with transaction.atomic():
            ACTS[ActeLot(lot.acte)](actor, line, lot.cible or 0)
    except StaleObject:
        return CHANGED
    except DomainError as error:
        return error.message[:300]
    except Demande.DoesNotExist:
        return GONE
    except PermissionDenied:
        return NOT_YOURS
    except Exception:
        # One broken line must not keep the others waiting; the log says what happened, without any text.
        logger.exception("A line of lot %s failed", lot.pk)
        return UNEXPECTED
    return ""


def _assign(actor: Membership, line: LigneLot, cible: int) -> None:
    versions = {line.demande_id: line.version}
    assign(actor=actor, demande_ids=[line.demande_id], agent_id=cible, versions=versions, tell=False)


ACTS: dict[ActeLot, Callable[[Membership, LigneLot, int], Any]] = {
    ActeLot.PRENDRE: lambda actor, line, cible: take_charge(
        actor=actor, demande_id=line.demande_id, version=line.version
    ),
    ActeLot.RENDRE: lambda actor, line, cible: release(
        actor=actor, demande_id=line.demande_id, version=line.version
    ),
    ActeLot.ATTRIBUER: _assign,
    ActeLot.CONFIER: lambda actor, line, cible: move_to_team(
        actor=actor, demande_id=line.demande_id, equipe_id=cible, version=line.version
    ),
    ActeLot.POSER: lambda actor, line, cible: put_label(
        actor=actor, demande_id=line.demande_id, label_id=cible, version=line.version
    ),
    ActeLot.RETIRER: lambda actor, line, cible: remove_label(
        actor=actor, demande_id=line.demande_id, label_id=cible, version=line.version
    ),
}


def _finish(lot: Lot) -> None:
    """Close the lot once no line is left, and tell whoever was given demandes, once for all of them."""
    with transaction.atomic():
        locked = Lot.objects.select_for_update().filter(pk=lot.pk, fini_le__isnull=True).first()
        if locked is None or LigneLot.objects.filter(lot=lot, etat=EtatLigne.A_FAIRE).exists():
            return
        locked.fini_le = clock.now()
        locked.save(update_fields=["fini_le"])
        done = LigneLot.objects.filter(lot=lot, etat=EtatLigne.FAITE).count()
        if lot.acte == ActeLot.ATTRIBUER and done and lot.cible != lot.auteur_id:
            queue(
                courriels.DEMANDES_ATTRIBUEES,
                cle=str(lot.pk),
                destinataires=[lot.cible],
                lien=f"{QUEUE_PATH}?vue=les-miennes",
                donnees={"nombre": done},
                caisse_id=lot.caisse_id,
            )


def waiting_lots(limit: int) -> list[uuid.UUID]:
    """The lots whose nudge was lost, or that a process left unfinished."""
    now = clock.now()
    rows = Lot.objects.filter(fini_le__isnull=True).exclude(
        essai_le__gt=now - timedelta(seconds=SLICE_SECONDS)
    )
    return list(rows.order_by("cree_le").values_list("pk", flat=True)[:limit])
