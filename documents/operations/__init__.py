"""One function per act on a pièce."""

from documents.operations.analysis import analyse_piece
from documents.operations.deposit import (
    Sortant,
    deliver_pieces,
    deposit_piece,
    transmit_pieces,
    withdraw_piece,
)

__all__ = ["Sortant", "analyse_piece", "deliver_pieces", "deposit_piece", "transmit_pieces", "withdraw_piece"]
