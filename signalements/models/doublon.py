"""A demande that was sent although another one looked the same."""

from django.db import models

from portal.tenancy.policies import TenantForeignKey
from signalements.enums import RaisonDoublon
from signalements.models.base import TENANT_COLUMNS, OfDemande, seen_through, tenant_constraints
from signalements.models.demande import Demande


class Doublon(OfDemande):
    """Why the technicien made a new one, and of which open demande of the structure; that of another has no `autre`."""

    demande = models.OneToOneField(
        Demande, models.CASCADE, primary_key=True, related_name="doublon", db_constraint=False
    )
    raison = models.CharField("raison", max_length=20, choices=RaisonDoublon.choices)
    autre = models.ForeignKey(
        Demande,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="demande déjà en cours",
        db_constraint=False,
    )

    table_privileges = {"connexion": "", "partenaire": "SELECT, INSERT", "caisse": "SELECT"}
    register = ("Why a demande was made although one was open (PUB1)", "as the demande")

    class Meta:
        verbose_name = "doublon probable"
        verbose_name_plural = "doublons probables"
        constraints = [
            TenantForeignKey(
                name="doublon_autre_locataire",
                columns=("autre_id", "partenaire_id", "caisse_id"),
                to="signalements_demande",
                to_columns=TENANT_COLUMNS,
            ),
            *tenant_constraints("doublon", caisse=seen_through("signalements_demande", "demande_id")),
        ]

    def __str__(self) -> str:
        return f"Doublon {self.demande_id}"
