"""Who of the caisse has a demande open now."""

from django.conf import settings
from django.db import models

from signalements.models.base import OfDemande, tenant_constraints
from signalements.models.demande import Demande


class Presence(OfDemande):
    """An agent had the page of a demande open at `le`; forgotten within the hour. The structure never sees it."""

    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="presences", db_constraint=False, db_index=False
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    le = models.DateTimeField("vue le")

    class Meta:
        verbose_name = "présence"
        verbose_name_plural = "présences"
        indexes = [models.Index(fields=["le"], name="presence_ancienne")]
        constraints = [
            models.UniqueConstraint(fields=["demande", "agent"], name="presence_unique"),
            *tenant_constraints("presence", partenaire=None),
        ]

    def __str__(self) -> str:
        return f"Présence sur la demande {self.demande_id}"
