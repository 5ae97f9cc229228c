"""The signed documents of a convention: each is a pièce, that no demande holds."""

from typing import TYPE_CHECKING

from django.db import models

from caisses.models import Caisse
from documents.enums import EtatPiece, NatureDocument, OrigineFichier
from documents.models.piece import Piece
from partners.models import Avenant, Convention, Partenaire
from portal.tenancy.policies import CAISSE, PARTENAIRE, RealmPolicy, TenantForeignKey

if TYPE_CHECKING:
    from accounts.memberships import Membership


class DocumentConventionQuerySet(models.QuerySet["DocumentConvention"]):
    """Reads of the documents of conventions."""

    def visible_to(self, membership: "Membership | None") -> "DocumentConventionQuerySet":
        """Those of one's own structure, for its gestionnaires; of one's caisse, for its administrators; all for the
        national one.
        """
        rows = self.select_related("piece", "convention", "avenant")
        if membership is None:
            return self.none()
        if membership.is_gestionnaire:
            return rows.filter(partenaire_id=membership.partenaire_id)
        if membership.role == "admin_caisse":
            return rows.filter(caisse_id=membership.caisse_id)
        return rows if membership.role == "national" else self.none()

    def sound(self) -> "DocumentConventionQuerySet":
        """Those the antivirus let through."""
        return self.filter(piece__etat=EtatPiece.SAINE, piece__origine=OrigineFichier.CONVENTION)


class DocumentConvention(models.Model):
    """A document of a convention, put there by the caisse: the signed original, an avenant, a certificate."""

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+", db_index=False)
    partenaire = models.ForeignKey(Partenaire, models.PROTECT, related_name="+")
    convention = models.ForeignKey(Convention, models.PROTECT, related_name="documents")
    avenant = models.ForeignKey(
        Avenant, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name="avenant"
    )
    nature = models.CharField("nature", max_length=12, choices=NatureDocument.choices)
    piece = models.OneToOneField(
        Piece, models.PROTECT, related_name="document_convention", verbose_name="fichier"
    )

    objects = DocumentConventionQuerySet.as_manager()
    register = ("Signed documents of a convention (art. 8.1, 8.3)", "as the convention")
    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "document de la convention"
        verbose_name_plural = "documents de la convention"
        ordering = ["-piece__deposee_le", "-id"]
        constraints = [
            TenantForeignKey(
                name="document_convention_convention",
                columns=("convention_id", "partenaire_id", "caisse_id"),
                to="partners_convention",
                to_columns=("id", "partenaire_id", "caisse_id"),
            ),
            TenantForeignKey(
                name="document_convention_piece",
                columns=("piece_id", "partenaire_id", "caisse_id"),
                to="documents_piece",
                to_columns=("id", "partenaire_id", "caisse_id"),
            ),
            RealmPolicy(
                name="document_convention",
                rules={"partenaire": {"select": PARTENAIRE}, "caisse": CAISSE, "national": "true"},
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_nature_display())
