"""Models of the dossiers."""

from signalements.kinds.dossier.models.dossier import Dossier, Membre, Periode, PieceDossier
from signalements.kinds.dossier.models.reference import PieceAttendue, RegleDossier

__all__ = ["Dossier", "Membre", "Periode", "PieceAttendue", "PieceDossier", "RegleDossier"]
