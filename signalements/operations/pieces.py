"""Joining a file to a demande, and taking it away before it is sent."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.memberships import Membership
from caisses.models import TypePiece
from documents import operations as intake
from portal.compiled import CompiledQuery, Slot
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.models import Demande, ElementComplement, PieceJointe
from signalements.operations.drafts import open_convention
from signalements.operations.locks import lock_own
from signalements.operations.partner_messages import STATUTS_AVEC_MESSAGES
from signalements.operations.sending import refuse_while_held
from signalements.queries.pieces import weight_of

LONGEST_PRECISION = 80
_KNOWN: CompiledQuery[PieceJointe] = CompiledQuery(
    lambda: PieceJointe.objects.filter(demande=Slot("demande"), piece__cle=Slot("cle")).select_related(
        "piece"
    )
)


def attach_piece(
    *,
    membership: Membership,
    reference: str,
    fichier: Any,
    cle: uuid.UUID,
    type_piece: TypePiece | None = None,
    element_id: int | None = None,
) -> PieceJointe:
    """Join a file to a draft, to an asked item, or to the next message (decisions.md §5).

    Order of effects: demande locked, place checked, limits of the demande checked, file deposited (quarantined,
    encrypted, journaled), joined. The same `cle` gives the same pièce.

    Raises:
        Demande.DoesNotExist: none for this structure.
        DomainError: the demande takes no file here, is full, or the file is refused.
    """
    with transaction.atomic():
        demande = _lock(membership, reference)
        known = _KNOWN.first(demande=demande.pk, cle=cle)
        if known is not None:
            return known
        element = _place(membership, demande, element_id)
        _refuse_when_full(demande, int(fichier.size))
        piece = intake.deposit_piece(
            fichier=fichier,
            fonction=demande.fonction,
            caisse=demande.caisse,
            partenaire=demande.partenaire,
            depose_par=membership,
            cle=cle,
        )
        jointe = PieceJointe.objects.create(
            demande=demande,
            caisse_id=demande.caisse_id,
            partenaire_id=demande.partenaire_id,
            piece=piece,
            type_piece=element.type_piece if element else type_piece,
            element=element,
        )
    return jointe


def withdraw_piece(*, membership: Membership, reference: str, piece_id: uuid.UUID) -> None:
    """Take away a file the caisse has not been sent; its content is erased. Gone already: nothing to do.

    Raises:
        Demande.DoesNotExist: none for this structure.
        DomainError: it was sent.
    """
    with transaction.atomic():
        demande = _lock(membership, reference)
        jointe = (
            PieceJointe.objects.filter(demande=demande, piece_id=piece_id).select_related("piece").first()
        )
        if jointe is None:
            return
        if jointe.piece.transmise_le is not None:
            raise DomainError(
                "Ce fichier a été transmis à la caisse\u00a0: il ne peut plus être retiré.", code="transmise"
            )
        piece = jointe.piece
        jointe.delete()
        intake.withdraw_piece(piece, retire_par=membership)


def describe_pieces(*, membership: Membership, reference: str, precisions: dict[uuid.UUID, str]) -> None:
    """Say what the files of a draft are, where their kind asks for it.

    Raises:
        Demande.DoesNotExist: none for this structure.
        DomainError: a kind asks for a precision and there is none.
    """
    with transaction.atomic():
        demande = _lock(membership, reference)
        rows = PieceJointe.objects.filter(demande=demande, type_piece__precision_requise=True)
        for jointe in rows.select_related("piece"):
            text = precisions.get(jointe.piece_id, jointe.precision).strip()[:LONGEST_PRECISION]
            if not text:
                raise DomainError(
                    f"Précisez ce qu’est le fichier «\u00a0{jointe.piece.nom}\u00a0».",
                    field=f"precision_{jointe.piece_id}",
                    code="precision",
                )
            jointe.precision = text
            jointe.save(update_fields=["precision"])


def _lock(membership: Membership, reference: str) -> Demande:
    demande = lock_own(membership, reference)
    if demande.statut != Statut.BROUILLON and membership.convention_with(demande.caisse_id) is None:
        raise Demande.DoesNotExist
    return demande


def _place(membership: Membership, demande: Demande, element_id: int | None) -> ElementComplement | None:
    """The asked item a file answers; DomainError when the demande takes no file there."""
    if demande.statut == Statut.BROUILLON:
        open_convention(membership, demande.caisse_id, demande.fonction)
        return None
    if element_id is None:
        refuse_while_held(demande)
        if demande.statut not in STATUTS_AVEC_MESSAGES:
            raise DomainError("Cette demande ne reçoit plus de fichier.", code="ferme")
        return None
    element = ElementComplement.objects.filter(
        pk=element_id, demande=demande, complement__repondu_le__isnull=True
    ).first()
    if element is None or demande.statut != Statut.A_COMPLETER:
        raise DomainError("Ce complément n’est plus attendu.", code="ferme")
    return element


def _refuse_when_full(demande: Demande, size: int) -> None:
    count, total = weight_of(demande)
    if count >= settings.DEMANDE_MAX_PIECES:
        raise DomainError(
            f"Le nombre maximal de fichiers ({settings.DEMANDE_MAX_PIECES}) est atteint. Retirez un fichier, ou "
            "rassemblez plusieurs pages dans un seul.",
            code="nombre",
        )
    if total + size > settings.DEMANDE_MAX_BYTES:
        limit = settings.DEMANDE_MAX_BYTES // (1024 * 1024)
        raise DomainError(
            f"Les fichiers de la demande dépasseraient {limit} Mo ensemble. Retirez un fichier, ou réduisez-le.",
            code="taille_totale",
        )
