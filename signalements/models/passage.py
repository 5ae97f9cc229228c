"""The log of the one door: one row per change of status."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from portal.identifiers import uuid7
from signalements.enums import Cote, Issue, Statut
from signalements.models.base import OfDemande, tenant_constraints
from signalements.models.demande import Demande


class Passage(OfDemande):
    """A demande went from a status to another: who, when, why, and both clocks at that moment.

    `jours_bruts` and `jours_nets` are calendar days since the sending, with and without the days spent waiting
    for the structure. `dans_delai` says of an answer whether it kept what was promised; null for what is no answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    demande = models.ForeignKey(
        Demande, models.CASCADE, related_name="passages", db_constraint=False, db_index=False
    )
    de = models.CharField("de", max_length=12, choices=Statut.choices, blank=True)
    vers = models.CharField("vers", max_length=12, choices=Statut.choices)
    le = models.DateTimeField("le")
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="par",
        db_index=False,
    )
    cote = models.CharField("côté", max_length=10, choices=Cote.choices)
    commentaire = models.TextField("commentaire", blank=True)
    issue = models.CharField("issue", max_length=32, choices=Issue.choices, blank=True, db_default="")
    jours_bruts = models.SmallIntegerField("jours bruts", null=True)
    jours_nets = models.SmallIntegerField("jours nets", null=True)
    dans_delai = models.BooleanField("dans le délai promis", null=True)

    table_privileges = {"connexion": "", "partenaire": "SELECT, INSERT", "caisse": "SELECT, INSERT"}

    class Meta:
        verbose_name = "changement de statut"
        verbose_name_plural = "changements de statut"
        ordering = ["le", "id"]
        indexes = [
            models.Index(fields=["demande", "le"], name="passage_demande"),
            # Rows come in the order of time: a few pages tell where each month stands, and cost no write.
            BrinIndex(fields=["le"], name="passage_le", pages_per_range=32),
        ]
        constraints = tenant_constraints("passage")

    def __str__(self) -> str:
        return f"{self.de} → {self.vers}"
