"""The periodic work of the pièces."""

from datetime import timedelta
from functools import partial

from django.db import transaction

from documents import vault
from documents.enums import EtatPiece
from documents.models import Piece
from documents.operations import analyse_piece
from documents.operations.journal import journal_piece
from portal import clock
from portal.sweeps import sweep

BATCH = 50
ORPHANS_BATCH = 10_000
ASKED_AT_ONCE = 1_000
GRACE = timedelta(hours=24)
"""A file is stored before its row is written: younger ones may be an upload under way."""


@sweep(
    "pieces_a_analyser",
    label="Analyse des pièces en attente",
    every=timedelta(seconds=20),
    exclusive=False,
    batch=BATCH,
)
def analyse_waiting(limit: int) -> int:
    """Analyse the pièces whose nudge was lost, or whose antivirus gave no answer, each in its own transaction."""
    due = Piece.objects.filter(etat=EtatPiece.EN_ANALYSE, prochain_essai_le__lte=clock.now())
    with transaction.atomic():
        ids = list(due.order_by("prochain_essai_le").values_list("pk", flat=True)[:limit])
    for piece_id in ids:
        analyse_piece(piece_id)
    return len(ids)


@sweep(
    "fichiers_orphelins",
    label="Fichiers que plus rien ne désigne",
    every=timedelta(days=1),
    exclusive=False,
    batch=ORPHANS_BATCH,
)
def remove_orphans(limit: int) -> int:
    """Remove the stored files no pièce points at: what a crash left between the end of a row and that of its file.

    Reads one folder of the storage at a time, the files first and the rows next: a file whose row came meanwhile is
    younger than GRACE. Where there is no pièce at all nothing is removed: more likely the database is not the one
    these files belong to.
    """
    with transaction.atomic():
        if not Piece.objects.exists():
            return 0
    removed = 0
    for paths in vault.names():
        for start in range(0, len(paths), ASKED_AT_ONCE):
            for path in _orphans(paths[start : start + ASKED_AT_ONCE]):
                if removed == limit:
                    return removed
                removed += _remove_old(path)
    return removed


@sweep(
    "documents_expires",
    label="Effacement des documents remis dont la durée est passée",
    every=timedelta(hours=1),
    exclusive=False,
    batch=BATCH,
)
def erase_expired(limit: int) -> int:
    """Erase the content of the documents of the caisse whose time is over; their row stays, to say since when."""
    now = clock.now()
    due = Piece.objects.filter(expire_le__lte=now, efface_le__isnull=True)
    with transaction.atomic():
        pieces = list(due.order_by("expire_le").select_for_update(skip_locked=True, of=("self",))[:limit])
        for piece in pieces:
            piece.efface_le, piece.cle_fichier = now, b""
            transaction.on_commit(partial(vault.discard, piece.chemin), robust=True)
            journal_piece(piece, acte="effacement")
        Piece.objects.bulk_update(pieces, ["efface_le", "cle_fichier"])
    return len(pieces)


def _orphans(paths: list[str]) -> list[str]:
    with transaction.atomic():
        known = set(Piece.objects.filter(chemin__in=paths).values_list("chemin", flat=True))
    return [path for path in paths if path not in known]


def _remove_old(path: str) -> bool:
    age = vault.age(path)
    if age is None or age < GRACE.total_seconds():
        return False
    vault.discard(path)
    return True
