"""Models of the documents."""

from documents.models.catalogue import EntreeCatalogue
from documents.models.convention import DocumentConvention
from documents.models.piece import Piece, PieceQuerySet

__all__ = ["DocumentConvention", "EntreeCatalogue", "Piece", "PieceQuerySet"]
