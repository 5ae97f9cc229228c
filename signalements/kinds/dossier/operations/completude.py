"""How complete a dossier is, once the structure has joined more to it."""

from documents.enums import EtatPiece
from signalements.kinds.dossier.enums import EtatPieceDossier
from signalements.kinds.dossier.models import PieceDossier
from signalements.models import Demande, ElementComplement, PieceJointe

E = EtatPieceDossier


def count_completed(demande: Demande) -> None:
    """The pièces that came are present, those the structure explains are missing; counted again, n/N.

    The demande is locked; said twice it changes nothing.
    """
    rows = list(PieceDossier.objects.filter(demande=demande))
    given, explained = types_joined(demande), _explained(demande)
    for row in rows:
        if row.etat == E.PRESENTE:
            continue
        if row.type_piece_id in given:
            row.etat, row.raison_id = E.PRESENTE, None
        elif row.etat == E.ATTENDUE and row.type_piece_id in explained:
            row.etat, row.raison_id = E.MANQUANTE, explained[row.type_piece_id]
    PieceDossier.objects.bulk_update(rows, ["etat", "raison"])
    keep_count(demande, rows)


def keep_count(demande: Demande, rows: list[PieceDossier]) -> None:
    """Note how many of the expected pièces are joined, of how many."""
    demande.pieces_presentes = sum(row.etat == E.PRESENTE for row in rows)
    demande.pieces_attendues = sum(row.etat != E.NON_CONCERNEE for row in rows)
    demande.save(update_fields=["pieces_presentes", "pieces_attendues"])


def types_joined(demande: Demande) -> set[int]:
    """The kinds of pièce that have a file, by id."""
    rows = PieceJointe.objects.filter(demande=demande, type_piece__isnull=False)
    found = rows.exclude(piece__etat=EtatPiece.REFUSEE).values_list("type_piece_id", flat=True)
    return {pk for pk in found if pk is not None}


def _explained(demande: Demande) -> dict[int, int]:
    """Why the structure has not joined what it was asked for: the reason, by kind of pièce."""
    rows = ElementComplement.objects.filter(
        demande=demande, absence__isnull=False, type_piece__isnull=False, complement__retire=False
    )
    return {row.type_piece_id: row.absence_id for row in rows.order_by("pk")}  # type: ignore[misc]
