"""What a document request adds to the envelope (domaine.md §7.2), and the documents the caisse gives."""

from django.conf import settings
from django.db import models

from documents.enums import ModeRemise
from documents.models import EntreeCatalogue, Piece
from portal.tenancy.policies import TenantForeignKey
from signalements.models.base import TENANT_COLUMNS, OfDemande, seen_through, tenant_constraints
from signalements.models.demande import Demande


class DemandeDocument(OfDemande):
    """What is asked for. `reponses` are the (label, answer) pairs of the entry's own fields, in words, as they were
    sent, and `alertes` what was warned of: both outlive the edition of the entry."""

    demande = models.OneToOneField(
        Demande, models.CASCADE, primary_key=True, related_name="document", db_constraint=False
    )
    entree = models.ForeignKey(
        EntreeCatalogue, models.PROTECT, related_name="+", verbose_name="document", db_index=False
    )
    libelle = models.CharField("libellé du document", max_length=160)
    reponses = models.JSONField("réponses", default=list)
    alertes = models.JSONField("points d’attention", default=list)
    remise = models.CharField("remise souhaitée", max_length=12, choices=ModeRemise.choices)

    register = ("The document asked for (art. 1.2)", "as the demande")

    class Meta:
        verbose_name = "demande de document"
        verbose_name_plural = "demandes de document"
        constraints = tenant_constraints(
            "demande_document", caisse=seen_through("signalements_demande", "demande_id")
        )

    def __str__(self) -> str:
        return f"Document de la demande {self.demande_id}"


class DocumentRemis(OfDemande):
    """A document the caisse prepares, then gives, in answer to this demande and to no other (art. 1.3, 5).

    The structure sees the row once its file is given; the file itself while it may be opened.
    """

    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="documents_remis", db_constraint=False, db_index=False
    )
    piece = models.OneToOneField(Piece, models.CASCADE, related_name="remis", db_constraint=False)
    produit = models.BooleanField("produit par le portail", default=False)
    prepare_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="préparé par",
        db_index=False,
    )

    register = ("Which file answers which demande (art. 5)", "as the demande")

    class Meta:
        verbose_name = "document remis"
        verbose_name_plural = "documents remis"
        ordering = ["id"]
        indexes = [models.Index(fields=["demande"], name="document_remis_demande")]
        constraints = [
            TenantForeignKey(
                name="document_remis_piece_locataire",
                columns=("piece_id", "partenaire_id", "caisse_id"),
                to="documents_piece",
                to_columns=TENANT_COLUMNS,
            ),
            *tenant_constraints(
                "document_remis",
                partenaire={
                    "select": (
                        "partenaire_id = {tenant} AND "
                        "(SELECT true FROM documents_piece seen WHERE seen.id = {table}.piece_id)"
                    )
                },
                caisse="caisse_id = {tenant}",
            ),
        ]

    def __str__(self) -> str:
        return f"Document {self.piece_id}"
