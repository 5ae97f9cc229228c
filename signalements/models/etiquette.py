"""The labels a caisse puts on its demandes. The structure's role has no policy on these tables: it never sees one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from caisses.models import Caisse
from portal.free_text_fields import TexteLibreModelField
from portal.tenancy.policies import CAISSE, RealmPolicy, TenantForeignKey
from signalements.enums import TonEtiquette
from signalements.models.base import OfDemande, tenant_constraints
from signalements.models.demande import Demande


class EtiquetteQuerySet(models.QuerySet["Etiquette"]):
    """Reads of the labels."""

    def palette(self, caisse_id: int | None) -> "EtiquetteQuerySet":
        """The labels a caisse uses today, by name."""
        return self.filter(caisse_id=caisse_id, retiree_le__isnull=True)


class Etiquette(models.Model):
    """A label of a caisse's palette. Taken out of the palette it disappears from every screen; its rows stay."""

    caisse = models.ForeignKey(Caisse, models.CASCADE, related_name="etiquettes", verbose_name="caisse")
    nom = TexteLibreModelField("nom", max_length=30)
    ton = models.CharField(
        "couleur", max_length=8, choices=TonEtiquette.choices, default=TonEtiquette.ARDOISE
    )
    retiree_le = models.DateTimeField("retirée de la palette le", null=True)

    objects = EtiquetteQuerySet.as_manager()
    table_privileges = {"connexion": "", "partenaire": "", "national": ""}

    class Meta:
        verbose_name = "étiquette"
        verbose_name_plural = "étiquettes"
        ordering = ["nom", "id"]
        constraints = [
            models.UniqueConstraint(
                "caisse",
                Lower("nom"),
                condition=Q(retiree_le__isnull=True),
                name="etiquette_unique",
                violation_error_message="Une étiquette porte déjà ce nom.",
            ),
            models.UniqueConstraint(fields=["id", "caisse"], name="etiquette_locataire"),
            RealmPolicy(name="etiquette", rules={"caisse": CAISSE}),
        ]

    def __str__(self) -> str:
        return self.nom


class PoseEtiquette(OfDemande):
    """A label on a demande."""

    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="poses", db_constraint=False, db_index=False
    )
    etiquette = models.ForeignKey(
        Etiquette,
        models.PROTECT,
        related_name="poses",
        verbose_name="étiquette",
        db_constraint=False,
        db_index=False,
    )
    posee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="posée par",
        db_index=False,
    )
    posee_le = models.DateTimeField("posée le")

    class Meta:
        verbose_name = "étiquette d’une demande"
        verbose_name_plural = "étiquettes des demandes"
        ordering = ["demande", "etiquette"]
        constraints = [
            models.UniqueConstraint(fields=["demande", "etiquette"], name="pose_unique"),
            *tenant_constraints("pose", partenaire=None),
            TenantForeignKey(
                name="pose_etiquette_locataire",
                columns=("etiquette_id", "caisse_id"),
                to="signalements_etiquette",
                to_columns=("id", "caisse_id"),
            ),
        ]
        indexes = [models.Index(fields=["etiquette", "demande"], name="pose_etiquette")]

    def __str__(self) -> str:
        return f"Étiquette {self.etiquette_id} de la demande {self.demande_id}"
