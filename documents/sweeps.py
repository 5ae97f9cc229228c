"""The periodic work of the pièces."""

from datetime import timedelta

from django.db import transaction

from documents.enums import EtatPiece
from documents.models import Piece
from documents.operations import analyse_piece
from portal import clock
from portal.sweeps import sweep

BATCH = 50


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
