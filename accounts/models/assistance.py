"""Sessions of national support: one national administrator looks into the data of one caisse, for a time."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from accounts.models.utilisateur import Utilisateur
from caisses.models import Caisse
from portal import clock
from portal.tenancy.policies import CAISSE, RealmPolicy

LONGEST = timedelta(hours=4)


class SessionAssistanceQuerySet(models.QuerySet["SessionAssistance"]):
    """Reads of the sessions."""

    def under_way(self) -> "SessionAssistanceQuerySet":
        """Those that are neither over nor ended."""
        return self.filter(close_le=None, fin_prevue_le__gt=clock.now())


class SessionAssistance(models.Model):
    """Who looks into which caisse, why, and until when. It ends by itself or by hand, and is never prolonged."""

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+", verbose_name="caisse")
    ouverte_par = models.ForeignKey(
        Utilisateur, models.PROTECT, related_name="+", verbose_name="administrateur national"
    )
    motif = models.TextField("raison", max_length=500)
    ouverte_le = models.DateTimeField("ouverte le")
    fin_prevue_le = models.DateTimeField("fin prévue le")
    close_le = models.DateTimeField("terminée le", null=True)
    close_par = models.ForeignKey(
        Utilisateur, models.PROTECT, null=True, related_name="+", verbose_name="terminée par", db_index=False
    )

    objects = SessionAssistanceQuerySet.as_manager()
    register = ("Who of the national level looked into a caisse, and why", "as long as the journal")
    table_privileges = {
        "connexion": "",
        "partenaire": "",
        "caisse": "SELECT, UPDATE",
        "national": "SELECT, INSERT, UPDATE",
    }

    class Meta:
        verbose_name = "session d’assistance"
        verbose_name_plural = "sessions d’assistance nationale"
        ordering = ["-ouverte_le", "-id"]
        constraints = [
            models.CheckConstraint(
                name="assistance_duree",
                condition=Q(fin_prevue_le__gt=F("ouverte_le"))
                & Q(fin_prevue_le__lte=F("ouverte_le") + LONGEST),
                violation_error_message="Une session d’assistance dure quatre heures au plus.",
            ),
            models.UniqueConstraint(
                fields=["ouverte_par"],
                condition=Q(close_le=None),
                name="assistance_unique",
                violation_error_message="Terminez d’abord votre session d’assistance en cours.",
            ),
            RealmPolicy(
                name="session_assistance",
                rules={"caisse": {"select": CAISSE, "update": CAISSE}, "national": "true"},
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caisse}, le {clock.local_date(self.ouverte_le):%d/%m/%Y}"

    @property
    def en_cours(self) -> bool:
        """Whether it still opens the data of the caisse."""
        return self.close_le is None and self.fin_prevue_le > clock.now()
