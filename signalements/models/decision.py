"""What an agent has decided and the structure has not read yet."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from portal.identifiers import uuid7
from signalements.enums import Issue
from signalements.models.base import OfDemande, tenant_constraints
from signalements.models.demande import Demande


class DecisionRetenue(OfDemande):
    """A decision that can still be undone, or that could not be given: what was typed is kept for its author.

    It is given at `prend_effet_le`, and the row goes. Without that moment it waits to be taken up again: its author
    undid it, or the demande changed meanwhile (`raison` says what). `saisie` is the answer as it was posted, for the
    form of decision of the kind. The structure's role has no policy on this table.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="decisions_retenues", db_constraint=False, db_index=False
    )
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="par", db_index=False
    )
    issue = models.CharField("issue", max_length=32, choices=Issue.choices)
    saisie = models.JSONField("saisie", default=dict)
    version = models.PositiveIntegerField("version de la demande")
    le = models.DateTimeField("décidée le")
    prend_effet_le = models.DateTimeField("prend effet le", null=True)
    raison = models.CharField("pourquoi elle n’est pas partie", max_length=300, blank=True)

    class Meta:
        verbose_name = "décision retenue"
        verbose_name_plural = "décisions retenues"
        ordering = ["le", "id"]
        indexes = [
            models.Index(
                fields=["prend_effet_le"],
                name="decision_retenue_due",
                condition=Q(prend_effet_le__isnull=False),
            ),
            models.Index(fields=["le"], name="decision_retenue_ancienne"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["demande", "acteur"], name="decision_retenue_une_par_personne"),
            models.UniqueConstraint(
                fields=["demande"],
                name="decision_retenue_une_a_la_fois",
                condition=Q(prend_effet_le__isnull=False),
            ),
            *tenant_constraints("decision_retenue", partenaire=None),
        ]

    def __str__(self) -> str:
        return f"Décision retenue de la demande {self.demande_id}"
