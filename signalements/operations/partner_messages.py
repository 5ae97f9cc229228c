"""Messages of the structure to the caisse."""

import uuid

from django.db import transaction
from django.db.models import Q

from accounts.memberships import Membership
from documents.enums import EtatPiece
from documents.models import Piece
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from signalements import courriels
from signalements.enums import STATUTS_OUVERTS, Cote, Statut
from signalements.models import Demande, Message, PieceJointe
from signalements.notifications import tell_caisse
from signalements.operations.door import lock_demande
from signalements.operations.sending import refuse_while_held

STATUTS_AVEC_MESSAGES = STATUTS_OUVERTS | {Statut.TRAITEE}


def post_message_partenaire(
    *, membership: Membership, reference: str, texte: str, cle: uuid.UUID
) -> tuple[Message, bool]:
    """Write to the caisse on a demande; the files this person has just joined go with the message.

    Returns the message and whether it is new: the same `cle` gives the same message.

    Order of effects: demande locked, message, its files handed over, date of last action, journal, mail.

    Raises:
        Demande.DoesNotExist: none for this structure.
        DomainError: the demande was cancelled or not sent.
    """
    with transaction.atomic():
        rows = Demande.objects.visible_to(membership).exclude(statut=Statut.BROUILLON)
        demande = lock_demande(membership, rows.values_list("pk", flat=True).get(reference=reference))
        existing = Message.objects.filter(demande=demande, cle=cle).first()
        if existing is not None:
            return existing, False
        if demande.statut not in STATUTS_AVEC_MESSAGES:
            raise DomainError(
                "Cette demande est annulée\u00a0: elle ne reçoit plus de message.", code="annulee"
            )
        refuse_while_held(demande)
        files = waiting_files(demande, membership)
        message = write_to_caisse(
            demande, Message(cle=cle, texte=texte), membership=membership, details={"pieces": len(files)}
        )
        Piece.objects.filter(jointe__in=files).update(transmise_le=message.le)
        PieceJointe.objects.filter(pk__in=[jointe.pk for jointe in files]).update(message=message)
        tell_caisse(demande, courriels.MESSAGE_DE_LA_STRUCTURE, cle=f"message:{message.pk}")
    return message, True


def write_to_caisse(
    demande: Demande, message: Message, *, membership: Membership, details: dict[str, int]
) -> Message:
    """Add a message of the structure to a locked demande, with its date of last action and the journal."""
    message.demande = demande
    message.caisse_id, message.partenaire_id = demande.caisse_id, demande.partenaire_id
    message.auteur, message.cote, message.le = membership.user, Cote.PARTENAIRE, clock.now()
    message.save(force_insert=True)
    Demande.objects.filter(pk=demande.pk).update(modifiee_le=message.le)
    record(
        Verbe.MESSAGE,
        actor=membership,
        caisse_id=demande.caisse_id,
        objet="demande",
        objet_id=demande.reference,
        details={"longueur": len(message.texte), **details},
    )
    return message


def waiting_files(demande: Demande, membership: Membership) -> list[PieceJointe]:
    """The files this person joined to their next message, not sent yet."""
    own = Q(piece__deposee_par_id=membership.acteur_id)
    return list(
        PieceJointe.objects.filter(
            own, demande=demande, element=None, message=None, piece__transmise_le__isnull=True
        )
        .exclude(piece__etat=EtatPiece.REFUSEE)
        .select_related("piece")
        .order_by("pk")
    )


def mark_thread_read(*, membership: Membership, demande: Demande) -> int:
    """The structure has opened the thread: the caisse's messages are read. Returns how many were not."""
    return Message.objects.filter(
        demande=demande, partenaire=membership.structure, cote=Cote.CAISSE, lu_le__isnull=True
    ).update(lu_le=clock.now())
