"""One function per act on a pièce."""

from documents.operations.analysis import analyse_piece
from documents.operations.deposit import deposit_piece, transmit_pieces, withdraw_piece

__all__ = ["analyse_piece", "deposit_piece", "transmit_pieces", "withdraw_piece"]
