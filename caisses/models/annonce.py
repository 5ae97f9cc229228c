"""Announcements: planned maintenance and incidents, shown on top of every page."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime

from caisses.enums import Fonction
from caisses.models.caisse import Caisse
from portal.ui.text import moment


class Annonce(models.Model):
    """A banner shown between two dates (convention d'utilisation, art. 3.2), to everybody or around one caisse.

    That of a planned maintenance also says when the portal is away, and for which functions; none: for all of them.
    """

    class Niveau(models.TextChoices):
        """How much it matters."""

        INFORMATION = "info", "Information"
        MAINTENANCE = "warning", "Maintenance"
        INCIDENT = "danger", "Incident"

    niveau = models.CharField("niveau", max_length=8, choices=Niveau.choices, default=Niveau.INFORMATION)
    titre = models.CharField("titre", max_length=120)
    texte = models.TextField("texte", blank=True)
    debut = models.DateTimeField("du")
    fin = models.DateTimeField("au")

    caisse = models.ForeignKey(
        Caisse,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="caisse concernée",
        help_text="Vide\u00a0: toutes les caisses.",
        db_index=False,
    )
    intervention_debut = models.DateTimeField("intervention du", null=True, blank=True)
    intervention_fin = models.DateTimeField("intervention au", null=True, blank=True)
    fonctions = ArrayField(
        models.CharField(max_length=16, choices=Fonction.choices),
        verbose_name="fonctions indisponibles",
        default=list,
        blank=True,
    )
    prevenus_le = models.DateTimeField("courriels partis le", null=True, editable=False)

    without_policy = "Announcements are public: they stand on the sign-in page."
    table_privileges = {"connexion": "SELECT", "partenaire": "SELECT", "caisse": "SELECT"}

    class Meta:
        verbose_name = "annonce"
        verbose_name_plural = "annonces et maintenance"
        ordering = ["-debut", "-id"]
        constraints = [
            models.CheckConstraint(
                name="annonce_dates",
                condition=models.Q(fin__gt=models.F("debut")),
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                name="annonce_intervention",
                condition=Q(intervention_debut=None, intervention_fin=None)
                | Q(intervention_debut__isnull=False, intervention_fin__gt=F("intervention_debut")),
                violation_error_message="Donnez le début et la fin de l’intervention, la fin après le début.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def intervention(self) -> str:
        """« Portail indisponible du 3 mars 2026 à 20 h au 3 mars 2026 à 22 h », and for what; empty without one."""
        if self.intervention_debut is None or self.intervention_fin is None:
            return ""
        start, end = _local(self.intervention_debut), _local(self.intervention_fin)
        where = f"{self.caisse}\u00a0: portail" if self.caisse_id else "Portail"
        named = ", ".join(str(Fonction(code).label) for code in self.fonctions)
        what = f" pour\u00a0: {named}" if named else ""
        return f"{where} indisponible du {start} au {end}{what}."

    def concerns(self, caisses: Any) -> bool:
        """Whether it is for somebody who works with these caisses."""
        return self.caisse_id is None or self.caisse_id in caisses


def _local(when: datetime) -> str:
    return moment(localtime(when))
