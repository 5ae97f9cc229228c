"""The documents the caisse prepares and gives: added, produced, taken back, delivered with the decision."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.memberships import Membership
from documents import operations as intake
from documents.enums import EtatPiece, ModeleProduit
from documents.operations.effacement import delete_pieces
from portal import clock
from portal.errors import DomainError
from portal.pdf import render_pdf
from portal.ui.brand import current_brand
from portal.ui.dates import DatePartielle
from portal.ui.text import day_in_words
from signalements.enums import STATUTS_OUVERTS, Issue
from signalements.kinds.document.catalogue import may_receive
from signalements.kinds.document.models import DemandeDocument, DocumentRemis
from signalements.models import Demande
from signalements.operations.door import lock_demande

MOST_DOCUMENTS = 5
TEMPLATES = {
    ModeleProduit.INFORMATION: "document/produit/information.html",
    ModeleProduit.DECLARATION_VITALE: "document/produit/declaration_vitale.html",
}


def add_document(
    *, actor: Membership, demande_id: int, fichier: UploadedFile, cle: uuid.UUID
) -> DocumentRemis:
    """Prepare a file to give in answer to a demande (art. 5): the same intake as a pièce, then a filigrane.

    The structure sees nothing of it before the decision. The same `cle` gives the same document.
    Order of effects: demande locked, right checked, file deposited (quarantined, encrypted, journaled), tied.

    Raises:
        DomainError: the structure may not receive documents, the demande is closed or full, the file is refused.
    """
    with transaction.atomic():
        demande, known = _lock(actor, demande_id, cle)
        if known is not None:
            return known
        suffix = PurePath(fichier.name or "").suffix.lower()
        return _prepare(actor, demande, fichier, suffix, cle, filigrane=filigrane_of(demande), produit=False)


def produce_document(*, actor: Membership, demande_id: int, texte: str, cle: uuid.UUID) -> DocumentRemis:
    """Lay out the document of the entry itself: an accessible PDF with the words the caisse adds, and nothing invented.

    Raises:
        DomainError: as `add_document`; the portal lays out no such document.
        PdfUnavailable: the machine cannot make PDFs.
    """
    with transaction.atomic():
        demande, known = _lock(actor, demande_id, cle)
        if known is not None:
            return known
        entree = demande.document.entree
        if not entree.modele:
            raise DomainError(
                "Le portail ne produit pas ce document\u00a0: ajoutez un fichier.", code="sans_modele"
            )
        content = render_pdf(TEMPLATES[ModeleProduit(entree.modele)], _letter(demande, texte))
        fichier = UploadedFile(BytesIO(content), "document.pdf", "application/pdf", len(content))
        return _prepare(actor, demande, fichier, ".pdf", cle, filigrane="", produit=True)


def _letter(demande: Demande, texte: str) -> dict[str, Any]:
    """What a produced document says: who, of what, and the words of the catalogue and of the agent."""
    personne = demande.personne
    return {
        "brand": current_brand(),
        "demande": demande,
        "caisse": demande.caisse,
        "structure": demande.partenaire,
        "personne": personne,
        "naissance": str(DatePartielle.from_date(personne.naissance, personne.naissance_precision)),
        "entree": demande.document.entree,
        "document": demande.document,
        "texte": texte.strip(),
        "jour": demande.caisse.today(),
        "filigrane": filigrane_of(demande),
    }


def _lock(actor: Membership, demande_id: int, cle: uuid.UUID) -> tuple[Demande, DocumentRemis | None]:
    """The demande locked, and the document this key has already made.

    Raises:
        DomainError: nothing can be prepared for this demande.
    """
    demande = lock_demande(actor, demande_id)
    rows = DocumentRemis.objects.filter(demande=demande).select_related("piece")
    known = rows.filter(piece__cle=cle).first()
    if known is not None:
        return demande, known
    if demande.statut not in STATUTS_OUVERTS:
        raise DomainError("Cette demande est close\u00a0: elle ne reçoit plus de document.", code="close")
    require_right(demande)
    if rows.count() >= MOST_DOCUMENTS:
        raise DomainError(f"Une demande reçoit au plus {MOST_DOCUMENTS} documents.", code="trop_de_documents")
    return demande, None


def require_right(demande: Demande) -> None:
    """Refuse what would go out to a structure that has not the right (art. 1.3, 5).

    Raises:
        DomainError: its convention does not carry it, or is over.
    """
    if not may_receive(demande.partenaire_id, demande.caisse):
        raise DomainError(
            "La convention de cette structure n’autorise pas les documents sortants\u00a0: envoyez le document à la "
            "personne.",
            field="issue",
            code="sans_droit",
        )


def _prepare(
    actor: Membership,
    demande: Demande,
    fichier: UploadedFile,
    suffix: str,
    cle: uuid.UUID,
    *,
    filigrane: str,
    produit: bool,
) -> DocumentRemis:
    # The name an agent gave may be the person's: the file leaves under that of the demande and the document.
    code = demande.document.entree.code.lower().replace("_", "-")
    fichier.name = f"{demande.reference}-{code}{suffix}"
    piece = intake.deposit_piece(
        fichier=fichier,
        fonction=demande.fonction,
        caisse=demande.caisse,
        partenaire=demande.partenaire,
        depose_par=actor,
        cle=cle,
        sortant=intake.Sortant(filigrane, clock.now() + timedelta(days=settings.DOCUMENT_SORTANT_JOURS)),
    )
    return DocumentRemis.objects.create(
        demande=demande,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        piece=piece,
        produit=produit,
        prepare_par=actor.user,
    )


def filigrane_of(demande: Demande) -> str:
    """For whom, in which démarche, when; nothing of the person."""
    day = day_in_words(demande.caisse.today())
    return f"Remis à {demande.partenaire.raison_sociale[:130]} – demande {demande.reference} – {day}"


def withdraw_document(*, actor: Membership, demande_id: int, piece_id: uuid.UUID) -> None:
    """Take back a document that was prepared and not given; its content is erased. Gone already: nothing to do.

    Raises:
        DomainError: it was given.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        remis = (
            DocumentRemis.objects.filter(demande=demande, piece_id=piece_id).select_related("piece").first()
        )
        if remis is None:
            return
        piece = remis.piece
        if piece.transmise_le is not None:
            raise DomainError(
                "Ce document a été remis à la structure\u00a0: il ne peut plus être retiré.", code="remis"
            )
        remis.delete()
        intake.withdraw_piece(piece, retire_par=actor)


def erase(ids: Sequence[int]) -> None:
    """What was answered about the person, and the files that were given."""
    DemandeDocument.objects.filter(pk__in=ids).update(reponses=[], alertes=[])
    given = DocumentRemis.objects.filter(demande__in=ids)
    pieces = list(given.values_list("piece_id", flat=True))
    given.delete()
    delete_pieces(pieces)


def require_documents(demande: Demande, issue: Issue, commentaire: str) -> None:
    """« Document transmis » needs the right, and documents that were all found sound.

    Raises:
        DomainError: one of them is missing.
    """
    if issue != Issue.DELIVRE_PORTAIL:
        return
    require_right(demande)
    etats = {remis.piece.etat for remis in demande.documents_remis.select_related("piece")}
    if EtatPiece.REFUSEE in etats:
        raise DomainError(
            "Un fichier a été refusé\u00a0: retirez-le d’abord.", field="issue", code="document_refuse"
        )
    if EtatPiece.EN_ANALYSE in etats:
        raise DomainError(
            "Un document est en cours d’analyse. Attendez quelques instants.",
            field="issue",
            code="en_analyse",
        )
    if not etats:
        raise DomainError(
            "Préparez d’abord le document à remettre à la structure.", field="issue", code="sans_document"
        )


def give_documents(demande: Demande, issue: Issue) -> None:
    """Give what was prepared, with the decision that says so: opened for `DOCUMENT_SORTANT_JOURS` days."""
    if issue == Issue.DELIVRE_PORTAIL:
        pieces = [remis.piece for remis in demande.documents_remis.select_related("piece")]
        waiting = [piece for piece in pieces if piece.transmise_le is None]
        intake.deliver_pieces(waiting, jours=settings.DOCUMENT_SORTANT_JOURS)
