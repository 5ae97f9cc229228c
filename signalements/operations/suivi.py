"""What the caisse writes on a demande: internal notes, contacts with the person, messages to the structure.

Each carries a key drawn with its form, so that a double click or a replay adds one row.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction

from accounts.memberships import Membership
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from signalements import courriels
from signalements.enums import STATUTS_OUVERTS, CanalContact, Cote, ResultatContact, Statut
from signalements.kinds.registry import kind_of
from signalements.models import Contact, Demande, Message, NoteInterne
from signalements.notifications import tell_structure
from signalements.operations.door import lock_demande

STATUTS_AVEC_MESSAGES = STATUTS_OUVERTS | {Statut.TRAITEE}


def add_note(*, actor: Membership, demande_id: int, texte: str, cle: uuid.UUID) -> NoteInterne:
    """Add an internal note; the structure never sees it: its database role has no policy on the table.

    The same `cle` gives the same note. Order of effects: lock, note, journal (its length, never its text).
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        note, new = NoteInterne.objects.get_or_create(
            demande=demande,
            cle=cle,
            defaults={**_tenant(demande), "auteur": actor.user, "texte": texte, "le": clock.now()},
        )
        if new:
            _journal(actor, demande, "note_interne", len(texte))
    return note


@dataclass(frozen=True)
class Tentative:
    """An attempt to reach the person."""

    canal: CanalContact
    resultat: ResultatContact
    note: str = ""


def record_contact(*, actor: Membership, demande_id: int, tentative: Tentative, cle: uuid.UUID) -> Contact:
    """Record an attempt to reach the person; the structure does not see it.

    The first one keeps the promise of a kind that promises a contact: from then on the demande is no longer
    late. The same `cle` gives the same contact. Order of effects: lock, contact, promise, journal.

    Raises:
        DomainError: the demande is closed, or waits for the structure and cannot be worked on.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        existing = Contact.objects.filter(demande=demande, cle=cle).first()
        if existing is not None:
            return existing
        if demande.statut not in STATUTS_OUVERTS:
            raise DomainError(
                "Cette demande est close\u00a0: rouvrez-la pour noter un contact.", code="close"
            )
        contact = Contact.objects.create(
            demande=demande,
            cle=cle,
            **_tenant(demande),
            auteur=actor.user,
            canal=tentative.canal,
            resultat=tentative.resultat,
            note=tentative.note,
            le=clock.now(),
        )
        _keep_promise(demande)
        _journal(actor, demande, "contact", len(tentative.note))
    return contact


def _keep_promise(demande: Demande) -> None:
    if not kind_of(demande).promet_un_contact or demande.promesse_tenue_le is not None:
        return
    demande.promesse_tenue_le = clock.now()
    demande.save(update_fields=["promesse_tenue_le"])


def post_message_caisse(*, actor: Membership, demande_id: int, texte: str, cle: uuid.UUID) -> Message:
    """Write to the structure on a demande.

    The same `cle` gives the same message. Order of effects: lock, message, date of last action, journal, mail.

    Raises:
        DomainError: the structure cancelled the demande.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        existing = Message.objects.filter(demande=demande, cle=cle).first()
        if existing is not None:
            return existing
        if demande.statut not in STATUTS_AVEC_MESSAGES:
            raise DomainError(
                "Cette demande est annulée\u00a0: elle ne reçoit plus de message.", code="annulee"
            )
        now = clock.now()
        message = Message.objects.create(
            demande=demande,
            cle=cle,
            **_tenant(demande),
            auteur=actor.user,
            cote=Cote.CAISSE,
            texte=texte,
            le=now,
        )
        demande.modifiee_le = now
        demande.save(update_fields=["modifiee_le"])
        record(
            Verbe.MESSAGE,
            actor=actor,
            partenaire_id=demande.partenaire_id,
            objet="demande",
            objet_id=demande.reference,
            details={"longueur": len(texte)},
        )
        tell_structure(demande, courriels.MESSAGE_DE_LA_CAISSE, cle=f"message:{message.pk}")
    return message


def mark_messages_read(*, actor: Membership, demande: Demande) -> int:
    """Somebody of the caisse has read the thread: the structure sees « Lu ». Returns how many were unread."""
    unread = Message.objects.filter(
        demande=demande, caisse_id=demande.caisse_id, cote=Cote.PARTENAIRE, lu_le__isnull=True
    )
    return unread.update(lu_le=clock.now())


def _tenant(demande: Demande) -> dict[str, int]:
    return {"caisse_id": demande.caisse_id, "partenaire_id": demande.partenaire_id}


def _journal(actor: Membership, demande: Demande, acte: str, length: int) -> None:
    record(
        Verbe.MODIFICATION,
        actor=actor,
        partenaire_id=demande.partenaire_id,
        objet="demande",
        objet_id=demande.reference,
        details={"acte": acte, "longueur": length},
    )
