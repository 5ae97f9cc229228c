"""The verdict on a pièce: antivirus, then photos turned into a clean PDF."""

import tempfile
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import BinaryIO, cast
from uuid import UUID

from django.db import transaction

from documents import antivirus, vault
from documents.antivirus import Verdict
from documents.courriels import PIECE_REFUSEE
from documents.enums import EtatPiece, MotifRefus
from documents.filigrane import stamp
from documents.intake.convert import blur_score, photos_to_pdf
from documents.intake.refusals import RefusedFile
from documents.models import Piece
from documents.operations.journal import journal_piece
from portal import clock
from portal.courriels.outbox import queue

IN_MEMORY = 12 * 1024 * 1024
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=30)


def analyse_piece(piece_id: UUID) -> str:
    """Give a pièce its verdict, in one transaction, under a lock that leaves it to whoever has it already.

    Only an explicit answer of the antivirus makes it SAINE; no answer leaves it EN_ANALYSE and it is tried again,
    later each time, up to every half hour. A photo becomes a PDF, upright and without metadata. Interrupted at any
    point, it starts again from the beginning; run twice, the second does nothing.

    Returns the state, or "" when somebody else has it or there is nothing to do.
    """
    with transaction.atomic():
        rows = Piece.objects.select_for_update(skip_locked=True, of=("self",))
        piece = rows.filter(pk=piece_id, etat=EtatPiece.EN_ANALYSE).first()
        if piece is None:
            return ""
        try:
            opened = open_content(piece)
        except vault.MissingFile:
            return _refuse(piece, MotifRefus.ILLISIBLE)
        with opened as content:
            verdict = antivirus.scan(content)
            if verdict is Verdict.INFECTEE:
                return _refuse(piece, MotifRefus.INFECTEE)
            if verdict is not Verdict.SAINE:
                return _try_later(piece)
            content.seek(0)
            return _accept(piece, content)


def open_content(piece: Piece) -> BinaryIO:
    """The plain content of a pièce as a file at its beginning, to be closed.

    Raises:
        vault.VaultError: it is missing or does not open.
    """
    content = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115 closed by the caller
    try:
        for chunk in vault.open_stored(piece.chemin, context_of(piece), key_of(piece)):
            content.write(chunk)
    except BaseException:
        content.close()
        raise
    content.seek(0)
    return content


def context_of(piece: Piece) -> vault.Context:
    """What the content of a pièce is bound to."""
    return vault.Context(piece.pk, piece.partenaire_id, piece.caisse_id)


def key_of(piece: Piece) -> vault.WrappedKey:
    """The wrapped key of a pièce."""
    return vault.WrappedKey(piece.cle_id, bytes(piece.cle_fichier))


def _accept(piece: Piece, content: BinaryIO) -> str:
    fields = ["etat", "analysee_le", "moteur", "nette"]
    try:
        kept = _to_keep(piece, content)
    except RefusedFile:
        return _refuse(piece, MotifRefus.ILLISIBLE)
    if kept is not content:
        fields += _replace(piece, kept)
    piece.etat = EtatPiece.SAINE
    piece.analysee_le = clock.now()
    piece.moteur = (antivirus.version() or "structurel")[:80]
    piece.save(update_fields=fields)
    _journal(piece)
    return piece.etat


def _to_keep(piece: Piece, content: BinaryIO) -> BinaryIO:
    """What is kept of a sound file: itself, or the PDF made of a photo; with its filigrane if it has one.

    Raises:
        RefusedFile: it cannot be read.
    """
    kept = content
    if piece.type_mime != "application/pdf":
        piece.nette = not blur_score(content).advice
        content.seek(0)
        kept = BytesIO(photos_to_pdf([content]))
        piece.type_mime, piece.pages = "application/pdf", 1
        piece.nom = f"{piece.nom.rpartition('.')[0]}.pdf"
    return BytesIO(stamp(kept, piece.filigrane)) if piece.filigrane else kept


def _replace(piece: Piece, content: BinaryIO) -> list[str]:
    """Keep this content instead of the former one; the fields that changed."""
    former = piece.chemin
    stored = vault.store(content, context_of(piece))
    piece.chemin = stored.path
    piece.cle_id, piece.cle_fichier = stored.sealed.key.key_id, stored.sealed.key.data
    piece.taille, piece.empreinte = stored.sealed.size, stored.sealed.sha256
    transaction.on_commit(partial(vault.discard, former), robust=True)
    return ["chemin", "cle_id", "cle_fichier", "taille", "empreinte", "type_mime", "pages", "nom"]


def _refuse(piece: Piece, motif: MotifRefus) -> str:
    piece.etat, piece.motif_refus = EtatPiece.REFUSEE, motif
    piece.analysee_le = clock.now()
    piece.save(update_fields=["etat", "motif_refus", "analysee_le"])
    transaction.on_commit(partial(vault.discard, piece.chemin), robust=True)
    _journal(piece)
    queue(
        PIECE_REFUSEE,
        cle=str(piece.pk),
        destinataires=[piece.deposee_par_id],
        lien="/",
        caisse_id=piece.caisse_id,
        partenaire_id=piece.partenaire_id,
    )
    return piece.etat


def _try_later(piece: Piece) -> str:
    piece.essais = min(piece.essais + 1, 1000)
    wait = min(FIRST_RETRY * 2 ** min(piece.essais - 1, 10), LONGEST_RETRY)
    piece.prochain_essai_le = clock.now() + wait
    piece.save(update_fields=["essais", "prochain_essai_le"])
    return piece.etat


def _journal(piece: Piece) -> None:
    journal_piece(piece, acte="analyse", etat=piece.etat, motif=piece.motif_refus, moteur=piece.moteur)
