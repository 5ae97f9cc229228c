"""Acts on many demandes at once: the lot somebody asked for, and its lines, which are the queue of the work."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from caisses.models import Caisse
from portal.identifiers import uuid7
from portal.tenancy.policies import CAISSE, RealmPolicy, TenantForeignKey
from signalements.enums import ActeLot, EtatLigne
from signalements.models.base import OfDemande, tenant_constraints
from signalements.models.demande import Demande


class Lot(models.Model):
    """An act asked on many demandes. `cible` is what the act needs: an account, a label or a team, by its id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    caisse = models.ForeignKey(
        Caisse, models.CASCADE, related_name="+", verbose_name="caisse", db_index=False
    )
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="demandé par",
        db_index=False,
    )
    cle = models.UUIDField("clé d’envoi", default=uuid.uuid4)
    acte = models.CharField("acte", max_length=12, choices=ActeLot.choices)
    cible = models.BigIntegerField("cible", null=True)
    total = models.PositiveIntegerField("nombre de demandes")
    cree_le = models.DateTimeField("demandé le")
    essai_le = models.DateTimeField("repris le", null=True)
    fini_le = models.DateTimeField("terminé le", null=True)

    table_privileges = {"connexion": "", "partenaire": "", "national": ""}

    class Meta:
        verbose_name = "traitement par lot"
        verbose_name_plural = "traitements par lot"
        ordering = ["-cree_le", "-id"]
        indexes = [
            models.Index(fields=["cree_le"], name="lot_a_faire", condition=Q(fini_le__isnull=True)),
            models.Index(fields=["fini_le"], name="lot_fini", condition=Q(fini_le__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["caisse", "cle"], name="lot_cle_unique"),
            models.UniqueConstraint(fields=["id", "caisse"], name="lot_locataire"),
            RealmPolicy(name="lot", rules={"caisse": CAISSE}),
        ]

    def __str__(self) -> str:
        return f"{self.get_acte_display()} ({self.total})"


class LigneLot(OfDemande):
    """One demande of a lot, as it stood when it was chosen, and what became of it."""

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="lignes", db_constraint=False, db_index=False)
    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    version = models.PositiveIntegerField("version choisie")
    etat = models.CharField("état", max_length=8, choices=EtatLigne.choices, default=EtatLigne.A_FAIRE)
    raison = models.CharField("raison de l’échec", max_length=300, blank=True)

    class Meta:
        verbose_name = "ligne d’un traitement par lot"
        verbose_name_plural = "lignes des traitements par lot"
        ordering = ["lot", "id"]
        indexes = [models.Index(fields=["lot", "etat", "id"], name="ligne_lot_etat")]
        constraints = [
            models.UniqueConstraint(fields=["lot", "demande"], name="ligne_lot_unique"),
            *tenant_constraints("ligne_lot", partenaire=None),
            TenantForeignKey(
                name="ligne_lot_du_lot",
                columns=("lot_id", "caisse_id"),
                to="signalements_lot",
                to_columns=("id", "caisse_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"Demande {self.demande_id} du lot {self.lot_id}"
