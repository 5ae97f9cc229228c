"""A demande passed on from a caisse to another."""

from django.conf import settings
from django.db import models

from caisses.models import Caisse
from partners.models import Partenaire
from portal.tenancy.policies import PARTENAIRE, RealmPolicy, TenantForeignKey
from signalements.models.base import TENANT_COLUMNS
from signalements.models.demande import Demande


class Transfert(models.Model):
    """The demande closed at a caisse (`source`), and the one opened for the same person at another (`cible`).

    The structure reads both; each caisse reads that it happened, and its own demande alone.
    """

    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    source = models.ForeignKey(Demande, models.CASCADE, related_name="transferts", db_constraint=False)
    caisse_source = models.ForeignKey(
        Caisse, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    cible = models.OneToOneField(Demande, models.CASCADE, related_name="transfert_recu", db_constraint=False)
    caisse_cible = models.ForeignKey(
        Caisse, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    le = models.DateTimeField("le")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "transfert"
        verbose_name_plural = "transferts"
        constraints = [
            TenantForeignKey(
                name="transfert_source_locataire",
                columns=("source_id", "partenaire_id", "caisse_source_id"),
                to="signalements_demande",
                to_columns=TENANT_COLUMNS,
            ),
            TenantForeignKey(
                name="transfert_cible_locataire",
                columns=("cible_id", "partenaire_id", "caisse_cible_id"),
                to="signalements_demande",
                to_columns=TENANT_COLUMNS,
            ),
            RealmPolicy(
                name="transfert",
                rules={
                    "partenaire": PARTENAIRE,
                    "caisse": "caisse_source_id = {tenant} OR caisse_cible_id = {tenant}",
                },
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.cible_id}"
