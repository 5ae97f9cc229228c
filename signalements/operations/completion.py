"""Answering a complément, cancelling a demande: what a structure does with a demande it has sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.memberships import Membership
from caisses.enums import ListeMotifs
from caisses.models import Motif
from documents.enums import EtatPiece
from portal import clock
from portal.errors import DomainError
from signalements import courriels
from signalements.enums import Statut
from signalements.models import Complement, Demande, ElementComplement, PieceJointe
from signalements.notifications import tell_caisse
from signalements.operations.door import change_status, lock_demande
from signalements.operations.sending import hand_over_pieces, refuse_while_held


@dataclass(frozen=True)
class ReponseElement:
    """The answer to one asked item: a text, or why the pièce is missing; its files are already joined."""

    texte: str = ""
    absence: Motif | None = None


class IncompleteAnswer(DomainError):
    """Asked items have no answer; `missing` says which, and what to do for each."""

    def __init__(self, missing: Mapping[int, str]) -> None:
        super().__init__(" ".join(missing.values()), code="element_sans_reponse")
        self.missing = missing


def complete_demande(
    *,
    membership: Membership,
    reference: str,
    complement_id: int,
    reponses: Mapping[int, ReponseElement],
    message: str = "",
) -> Demande:
    """Answer an open complément: every asked item has a file, a text or a reason; the delay runs on.

    Order of effects: demande locked, answers checked item by item, items and complément saved, pièces handed
    over, status through the door, mail
    to the caisse. The same complément answered twice changes nothing.

    Raises:
        Demande.DoesNotExist: none for this structure.
        IncompleteAnswer: items have no answer.
        DomainError: no complément is open any more.
    """
    with transaction.atomic():
        demande = _lock(membership, reference)
        complement = Complement.objects.select_for_update().filter(pk=complement_id, demande=demande).first()
        if complement is None:
            raise DomainError("Aucun complément n’est demandé.", code="complement_ferme")
        if complement.repondu_le is not None:
            if complement.retire:
                raise DomainError("Ce complément n’est plus attendu.", code="complement_ferme")
            return demande
        _save_answers(complement, reponses)
        complement.repondu_le = clock.now()
        complement.repondu_par = membership.user
        complement.reponse = message
        complement.save(update_fields=["repondu_le", "repondu_par", "reponse"])
        hand_over_pieces(demande)
        change_status(demande, Statut.COMPLETEE, actor=membership)
        tell_caisse(demande, courriels.COMPLEMENT_RECU, cle=f"complement:{complement.pk}")
    return demande


def _save_answers(complement: Complement, reponses: Mapping[int, ReponseElement]) -> None:
    elements = list(complement.elements.all())
    with_file = set(
        PieceJointe.objects.filter(element__in=elements)
        .exclude(piece__etat=EtatPiece.REFUSEE)
        .values_list("element_id", flat=True)
    )
    missing = {}
    for element in elements:
        reponse = reponses.get(element.pk, ReponseElement())
        if element.pk not in with_file and not reponse.texte.strip() and reponse.absence is None:
            missing[element.pk] = _what_is_missing(element)
        element.reponse = reponse.texte.strip()
        element.absence = None if element.pk in with_file else reponse.absence
    if missing:
        raise IncompleteAnswer(missing)
    ElementComplement.objects.bulk_update(elements, ["reponse", "absence"])


def _what_is_missing(element: ElementComplement) -> str:
    if element.type_piece_id is not None:
        return f"Ajoutez un fichier pour «\u00a0{element.libelle}\u00a0», ou indiquez pourquoi vous ne l’avez pas."
    return f"Répondez à «\u00a0{element.libelle}\u00a0»."


def cancel_demande(
    *, membership: Membership, reference: str, motif: Motif, precision: str = "", version: int | None = None
) -> Demande:
    """Cancel a demande that was sent and has no outcome yet, with a motif of the list.

    Cancelling twice changes nothing. Order of effects: lock, status and clock, Passage, journal, the open
    complément closed without an answer, mail to the caisse.

    Raises:
        Demande.DoesNotExist: none for this structure.
        StaleObject: it changed since the page was shown.
        DomainError: it has an outcome already, or the motif is not one of the list.
    """
    if motif.liste != ListeMotifs.ANNULATION:
        raise DomainError("Choisissez un motif de la liste.", field="motif", code="motif")
    with transaction.atomic():
        demande = _lock(membership, reference)
        if demande.statut == Statut.ANNULEE:
            return demande
        refuse_while_held(demande)
        demande = lock_demande(membership, demande.pk, version=version)
        commentaire = f"{motif.libelle}. {precision.strip()}" if precision.strip() else motif.libelle
        change_status(
            demande,
            Statut.ANNULEE,
            actor=membership,
            commentaire=commentaire,
            changes={"motif_issue": motif},
        )
        demande.complements.filter(repondu_le__isnull=True).update(repondu_le=clock.now(), retire=True)
        tell_caisse(demande, courriels.DEMANDE_ANNULEE, cle="annulation")
    return demande


def _lock(membership: Membership, reference: str) -> Demande:
    rows = Demande.objects.visible_to(membership)
    pk = rows.values_list("pk", flat=True).get(reference=reference)
    return lock_demande(membership, pk)
