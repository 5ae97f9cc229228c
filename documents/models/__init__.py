"""Models of the documents."""

from documents.models.catalogue import EntreeCatalogue
from documents.models.piece import Piece, PieceQuerySet

__all__ = ["EntreeCatalogue", "Piece", "PieceQuerySet"]
