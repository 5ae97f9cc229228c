"""A complément: what the caisse asks the structure to add, item by item."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from caisses.models import Motif, TypePiece
from portal.tenancy.policies import TenantForeignKey
from signalements.models.base import TENANT_COLUMNS, OfDemande, tenant_constraints
from signalements.models.demande import Demande


class Complement(OfDemande):
    """A request for a complément; the delay is suspended until it is closed.

    It is closed (`repondu_le`) by the structure's answer, or without one (`retire`): the caisse withdraws it, the
    structure cancels the demande, or no answer came in time.
    """

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="complements", db_constraint=False)
    cle = models.UUIDField("clé d’envoi", default=uuid.uuid4)
    message = models.TextField("message", blank=True)
    demande_le = models.DateTimeField("demandé le")
    demande_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    repondu_le = models.DateTimeField("répondu le", null=True)
    repondu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    reponse = models.TextField("réponse", blank=True)
    retire = models.BooleanField("retiré par la caisse", default=False)

    class Meta:
        verbose_name = "demande de complément"
        verbose_name_plural = "demandes de complément"
        ordering = ["demande_le", "id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "partenaire", "caisse"], name="complement_locataire_cle"),
            models.UniqueConstraint(
                fields=["demande"], name="complement_un_ouvert", condition=Q(repondu_le__isnull=True)
            ),
            models.CheckConstraint(
                name="complement_retire_clos",
                condition=Q(retire=False) | Q(repondu_le__isnull=False, reponse=""),
                violation_error_message="Un complément retiré est clos, sans réponse.",
            ),
            *tenant_constraints("complement"),
        ]

    def __str__(self) -> str:
        return f"Complément de la demande {self.demande_id}"


class ElementComplement(OfDemande):
    """One item of a complément: a piece of a kind, or an information to give."""

    complement = models.ForeignKey(Complement, models.CASCADE, related_name="elements", db_constraint=False)
    demande = models.ForeignKey(Demande, models.CASCADE, related_name="+", db_constraint=False)
    type_piece = models.ForeignKey(
        TypePiece, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pièce"
    )
    libelle = models.CharField("libellé", max_length=160)
    raison = models.ForeignKey(
        Motif, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="raison"
    )
    precision = models.CharField("précision", max_length=300, blank=True)
    reponse = models.TextField("réponse", blank=True)
    absence = models.ForeignKey(
        Motif, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pièce absente"
    )

    class Meta:
        verbose_name = "élément demandé"
        verbose_name_plural = "éléments demandés"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "partenaire", "caisse"], name="element_locataire_cle"),
            TenantForeignKey(
                name="element_complement_locataire",
                columns=("complement_id", "partenaire_id", "caisse_id"),
                to="signalements_complement",
                to_columns=TENANT_COLUMNS,
            ),
            *tenant_constraints("element"),
        ]

    def __str__(self) -> str:
        return self.libelle
