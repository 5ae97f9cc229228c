"""Who follows a demande in the structure, beside the technicien in charge."""

from django.conf import settings
from django.db import models

from signalements.models.base import OfDemande, tenant_constraints
from signalements.models.demande import Demande


class Suiveur(OfDemande):
    """A technicien of the structure who is told of a demande as its author is (domaine.md §4.8).

    The caisse's role reads it to know whom to tell; it shows it nowhere.
    """

    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="suiveurs", db_constraint=False, db_index=False
    )
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="technicien"
    )
    ajoute_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="ajouté par",
        db_index=False,
    )
    depuis = models.DateTimeField("suit depuis")

    class Meta:
        verbose_name = "suivi d’une demande"
        verbose_name_plural = "suivis des demandes"
        ordering = ["depuis", "id"]
        constraints = [
            models.UniqueConstraint(fields=["demande", "compte"], name="suiveur_unique"),
            *tenant_constraints("suiveur", caisse={"select": "caisse_id = {tenant}"}),
        ]

    def __str__(self) -> str:
        return f"Suivi de la demande {self.demande_id}"
