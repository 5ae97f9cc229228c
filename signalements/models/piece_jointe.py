"""A pièce joined to a demande, as what, and in answer to what."""

from django.db import models

from caisses.models import TypePiece
from documents.models import Piece
from portal.tenancy.policies import PARTENAIRE, TenantForeignKey
from signalements.models.base import TENANT_COLUMNS, OfDemande, seen_through, tenant_constraints
from signalements.models.complement import ElementComplement
from signalements.models.demande import Demande
from signalements.models.echanges import Message


class PieceJointe(OfDemande):
    """A pièce of a demande: its kind, and the asked item or message it answers.

    The caisse sees it once the pièce was sent.
    """

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="pieces_jointes", db_constraint=False)
    piece = models.OneToOneField(Piece, models.CASCADE, related_name="jointe", db_constraint=False)
    type_piece = models.ForeignKey(TypePiece, models.PROTECT, null=True, related_name="+")
    precision = models.CharField("précision", max_length=80, blank=True)
    element = models.ForeignKey(
        ElementComplement, models.SET_NULL, null=True, related_name="pieces_jointes", db_constraint=False
    )
    message = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="pieces_jointes")

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["id"]
        constraints = [
            TenantForeignKey(
                name="piece_jointe_piece_locataire",
                columns=("piece_id", "partenaire_id", "caisse_id"),
                to="documents_piece",
                to_columns=TENANT_COLUMNS,
            ),
            TenantForeignKey(
                name="piece_jointe_element_locataire",
                columns=("element_id", "partenaire_id", "caisse_id"),
                to="signalements_elementcomplement",
                to_columns=TENANT_COLUMNS,
            ),
            *tenant_constraints(
                "piece_jointe",
                partenaire=PARTENAIRE,
                caisse=seen_through("documents_piece", "piece_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"Pièce {self.piece_id}"
