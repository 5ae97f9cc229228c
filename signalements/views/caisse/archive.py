"""« Tout télécharger »: the healthy pièces of a demande as one ZIP."""

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from accounts.permissions import current
from documents.views import pieces
from signalements.models import PieceJointe
from signalements.queries.chronologie import files_of
from signalements.views.caisse.access import demande_or_404, staff_view


@staff_view()
@require_safe
def tout_telecharger(request: HttpRequest, reference: str) -> StreamingHttpResponse:
    """The pièces the caisse holds, named after the demande and their kind: never after what they were called."""
    demande = demande_or_404(current(request), reference)
    healthy = [jointe for jointe in files_of(demande) if jointe.piece.est_saine]
    names = {jointe.piece_id: _name(reference, rank, jointe) for rank, jointe in enumerate(healthy, start=1)}
    return pieces.archive(request, names, f"{reference}-pieces.zip")


def _name(reference: str, rank: int, jointe: PieceJointe) -> str:
    kind = jointe.type_piece.code.lower() if jointe.type_piece else "piece"
    return f"{reference}-{rank:02d}-{kind}"
