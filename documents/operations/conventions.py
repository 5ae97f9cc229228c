"""The signed documents of a convention: put there by the caisse through the same intake as a pièce."""

import uuid
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.memberships import Membership
from documents import vault
from documents.enums import NatureDocument, OrigineFichier
from documents.intake.refusals import RefusedFile
from documents.models import DocumentConvention
from documents.operations.deposit import deposit_piece
from documents.operations.journal import journal_piece
from partners.enums import EtatConvention
from partners.models import Avenant, Convention
from partners.operations.conventions import claim_version
from partners.operations.door import lock_convention
from portal.errors import DomainError

MOST_DOCUMENTS = 40


def deposit_document(
    *,
    actor: Membership,
    convention: Convention,
    nature: NatureDocument | str,
    fichier: UploadedFile,
    avenant: Avenant | None = None,
    version: int | None = None,
) -> DocumentConvention:
    """Put a signed document on a convention: checked, encrypted, readable once the antivirus has spoken.

    The caisse's administrators and the structure's gestionnaires read it, nobody else.

    Raises:
        DomainError: still a draft, too many documents, an avenant missing or of another convention, a
            file that is refused.
        StaleObject: the convention changed meanwhile (a double click).
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        if locked.etat == EtatConvention.BROUILLON:
            raise DomainError(
                "Une convention en brouillon n’a rien de signé\u00a0: envoyez-la d’abord en signature.",
                code="etat",
            )
        if (nature == NatureDocument.AVENANT) != (avenant is not None) or (
            avenant is not None and avenant.convention_id != locked.pk
        ):
            raise DomainError(
                "Choisissez l’avenant, pour un avenant signé et lui seul.", field="avenant", code="avenant"
            )
        if locked.documents.count() >= MOST_DOCUMENTS:
            raise DomainError(f"Une convention garde au plus {MOST_DOCUMENTS} documents.", code="trop")
        try:
            piece = deposit_piece(
                fichier=fichier,
                fonction="",
                caisse=locked.caisse,
                partenaire=locked.partenaire,
                depose_par=actor,
                cle=uuid.uuid4(),
                origine=OrigineFichier.CONVENTION,
            )
        except RefusedFile as error:
            error.field = "fichier"
            raise
        claim_version(locked, locked.version)
        return DocumentConvention.objects.create(
            caisse=locked.caisse,
            partenaire=locked.partenaire,
            convention=locked,
            avenant=avenant,
            nature=nature,
            piece=piece,
        )


def remove_document(
    *, actor: Membership, convention: Convention, document: DocumentConvention, version: int | None = None
) -> None:
    """Remove a document put on a convention by mistake: the row now, its content once that is certain.

    Raises:
        DomainError: it is not of this convention.
        StaleObject: the convention changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        found = locked.documents.select_related("piece").filter(pk=document.pk).first()
        if found is None:
            raise DomainError(
                "Ce document n’est pas de cette convention.", field="document", code="hors_perimetre"
            )
        piece = found.piece
        journal_piece(piece, actor=actor, acte="retrait", nature=found.nature)
        claim_version(locked, locked.version)
        found.delete()
        transaction.on_commit(partial(vault.discard, piece.chemin), robust=True)
        piece.delete()
