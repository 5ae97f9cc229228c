"""Taking a file in, sending it, taking it back."""

import re
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.memberships import Membership
from caisses.models import Caisse
from documents import vault
from documents.enums import EtatPiece, OrigineFichier
from documents.intake.inspect import inspect
from documents.intake.refusals import RefusedFile
from documents.models import Piece
from documents.operations.journal import journal_piece
from partners.models import Partenaire
from portal import clock
from portal.compiled import CompiledQuery, Slot
from portal.errors import DomainError
from portal.free_text import check_filename
from portal.identifiers import uuid7
from portal.nudge import nudge

ANALYSE_TASK = "documents.analyse_piece"
LONGEST_NAME = 120
_UNWANTED = re.compile(r"[^\w .,()'’\-]+")
_KNOWN: CompiledQuery[Piece] = CompiledQuery(
    lambda: Piece.objects.filter(partenaire=Slot("partenaire"), cle=Slot("cle"))
)


@dataclass(frozen=True)
class Sortant:
    """What makes a file a document of the caisse: what is written on its pages, and until when it may be kept."""

    filigrane: str
    expire_le: datetime


def deposit_piece(
    *,
    fichier: UploadedFile,
    fonction: str,
    caisse: Caisse,
    partenaire: Partenaire,
    depose_par: Membership,
    cle: uuid.UUID,
    sortant: Sortant | None = None,
    origine: OrigineFichier = OrigineFichier.PARTENAIRE,
) -> Piece:
    """Take in a file: look into it, encrypt it, keep it EN_ANALYSE until the antivirus has spoken.

    `sortant` makes it a document the caisse gives instead of a pièce it receives; a document of a convention, by its
    `origine`, is read by both sides at once.

    Order of effects: name, nature, size and structure checked; content encrypted into the vault; row; journal;
    the worker nudged. The same `cle` sent again by the same structure gives back the pièce it made.

    Raises:
        RefusedFile: the file is not of an accepted nature, size or structure (decisions.md §5).
        DomainError: its name holds a NIR (art. 5).
    """
    known = _KNOWN.first(partenaire=partenaire.pk, cle=cle)
    if known is not None:
        return known
    given = fichier.name or ""
    if check_filename(given):
        raise DomainError(
            "Le nom de ce fichier contient un numéro de sécurité sociale. Renommez-le, puis ajoutez-le à nouveau.",
            field="fichier",
            code="nir_nom_fichier",
        )
    content = cast(BinaryIO, fichier)
    seen = inspect(content, given)
    piece_id = uuid7()
    stored = vault.store(content, vault.Context(piece_id, partenaire.pk, caisse.pk))
    now = clock.now()
    try:
        with transaction.atomic():
            piece = Piece.objects.create(
                id=piece_id,
                caisse=caisse,
                partenaire=partenaire,
                fonction=fonction,
                nom=clean_name(given, seen.mime_type),
                type_mime=seen.mime_type,
                taille=stored.sealed.size,
                pages=seen.pages,
                empreinte=stored.sealed.sha256,
                chemin=stored.path,
                cle_fichier=stored.sealed.key.data,
                cle_id=stored.sealed.key.key_id,
                prochain_essai_le=now,
                deposee_par=depose_par.user,
                deposee_le=now,
                transmise_le=now if origine == OrigineFichier.CONVENTION else None,
                origine=OrigineFichier.CAISSE if sortant else origine,
                filigrane=sortant.filigrane if sortant else "",
                expire_le=sortant.expire_le if sortant else None,
                cle=cle,
            )
    except BaseException:
        vault.discard(stored.path)
        raise
    _journal("depot", piece, depose_par)
    nudge(ANALYSE_TASK, str(piece.pk))
    return piece


def transmit_pieces(pieces: Iterable[Piece]) -> int:
    """Let the caisse see these pièces from now on; gives how many. The refused ones stay behind."""
    ids = [piece.pk for piece in pieces]
    rows = Piece.objects.filter(pk__in=ids, transmise_le__isnull=True).exclude(etat=EtatPiece.REFUSEE)
    return rows.update(transmise_le=clock.now())


def deliver_pieces(pieces: Iterable[Piece], *, jours: int) -> int:
    """Give documents of the caisse to the structure, from now on and for that many days; gives how many.

    Only what was found sound leaves (decisions.md §5).
    """
    now = clock.now()
    rows = Piece.objects.filter(
        pk__in=[piece.pk for piece in pieces],
        origine=OrigineFichier.CAISSE,
        etat=EtatPiece.SAINE,
        efface_le__isnull=True,
    )
    return rows.update(transmise_le=now, expire_le=now + timedelta(days=jours))


def withdraw_piece(piece: Piece, *, retire_par: Membership) -> None:
    """Take back a pièce that was not sent yet: the row now, its content once that is certain.

    Raises:
        DomainError: the caisse has it already.
    """
    if piece.transmise_le is not None:
        raise DomainError(
            "Ce fichier a déjà été transmis\u00a0: il ne peut plus être retiré.", code="piece_transmise"
        )
    _journal("retrait", piece, retire_par)
    transaction.on_commit(partial(vault.discard, piece.chemin), robust=True)
    piece.delete()


def clean_name(name: str, mime_type: str) -> str:
    """A file name that can be shown and sent in a header: no path, no control or direction character."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    base = _UNWANTED.sub(" ", "".join(c for c in base if unicodedata.category(c)[0] != "C"))
    stem, dot, extension = base.rpartition(".")
    stem = " ".join((stem if dot else base).split()).strip(". ") or "document"
    extension = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic"}[
        mime_type
    ]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def _journal(act: str, piece: Piece, membership: Membership) -> None:
    journal_piece(piece, actor=membership, acte=act, type=piece.type_mime, octets=piece.taille)


__all__ = ["RefusedFile", "Sortant", "clean_name", "deposit_piece", "transmit_pieces", "withdraw_piece"]
