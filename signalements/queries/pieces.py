"""The files of a demande, as its screens show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from documents.enums import EtatPiece
from documents.models import Piece
from portal.compiled import CompiledQuery, Slot
from signalements.models import Demande, PieceJointe


@dataclass(frozen=True)
class FichierLu:
    """A joined file, ready to be drawn."""

    piece_id: UUID
    nom: str
    taille: int
    etat: str
    etat_texte: str
    motif_refus: str
    nature: str
    type_code: str
    precision: str
    element_id: int | None
    message_id: int | None
    transmise: bool
    deposee_par_id: int | None
    conseil: str = ""

    @property
    def lisible(self) -> bool:
        """Whether it can be opened: only a file that was found sound."""
        return self.etat == EtatPiece.SAINE


def files_of(demande: Demande) -> list[FichierLu]:
    """Every file joined to a demande, in the order they came, in one query."""
    return [read_file(row) for row in _FILES.all(demande=demande.pk)]


_FILES = CompiledQuery(
    lambda: (
        PieceJointe.objects.filter(demande=Slot("demande"))
        .select_related("piece", "type_piece")
        .order_by("pk")
    )
)


def read_file(row: PieceJointe) -> FichierLu:
    """A joined file as its row says it; its pièce and kind are loaded."""
    piece = row.piece
    nature = row.type_piece.libelle if row.type_piece else "Pièce"
    return FichierLu(
        piece_id=piece.pk,
        nom=piece.nom,
        taille=piece.taille,
        etat=piece.etat,
        etat_texte=EtatPiece(piece.etat).label,
        motif_refus=piece.get_motif_refus_display() if piece.motif_refus else "",
        nature=f"{nature}\u00a0: {row.precision}" if row.precision else nature,
        type_code=row.type_piece.code if row.type_piece else "",
        precision=row.precision,
        element_id=row.element_id,
        message_id=row.message_id,
        transmise=piece.transmise_le is not None,
        deposee_par_id=piece.deposee_par_id,
        conseil="" if piece.transmise_le else piece.conseil,
    )


_WEIGHED: CompiledQuery[Piece] = CompiledQuery(
    lambda: (
        Piece.objects.filter(jointe__demande=Slot("demande"))
        .exclude(etat=EtatPiece.REFUSEE)
        .only("taille")
        .order_by()
    )
)


def weight_of(demande: Demande) -> tuple[int, int]:
    """How many files a demande has, and their size together (bytes); refused ones do not count."""
    found = _WEIGHED.all(demande=demande.pk)
    return len(found), sum(piece.taille for piece in found)


def waiting(files: Iterable[FichierLu], acteur_id: int | None) -> list[FichierLu]:
    """The files this person has joined to their next message, not sent yet."""
    return [
        fichier
        for fichier in files
        if not fichier.transmise
        and fichier.element_id is None
        and fichier.message_id is None
        and fichier.deposee_par_id == acteur_id
    ]
