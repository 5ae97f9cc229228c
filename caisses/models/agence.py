"""The agences of a caisse: where people are received."""

from django.db import models

from caisses.models.caisse import Caisse
from portal.tenancy.policies import RealmPolicy


class AgenceQuerySet(models.QuerySet["Agence"]):
    """Reads of the agences."""

    def open_in(self, caisse_id: int) -> "AgenceQuerySet":
        """The agences of a caisse that receive people, by name."""
        return self.filter(caisse_id=caisse_id, active=True)


class Agence(models.Model):
    """A place where a caisse receives people. One that closes is made inactive: appointments still name it."""

    caisse = models.ForeignKey(Caisse, models.CASCADE, related_name="agences", verbose_name="caisse")
    nom = models.CharField("nom", max_length=80)
    adresse = models.TextField("adresse", max_length=300)
    horaires = models.TextField("horaires", max_length=500, blank=True)
    accessibilite = models.TextField("accessibilité", max_length=500, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    active = models.BooleanField("reçoit du public", default=True)

    objects = AgenceQuerySet.as_manager()
    table_privileges = {"partenaire": "SELECT"}

    class Meta:
        verbose_name = "agence"
        verbose_name_plural = "agences"
        ordering = ["nom", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "nom"],
                name="agence_unique",
                violation_error_message="Une agence porte déjà ce nom.",
            ),
            models.UniqueConstraint(fields=["id", "caisse"], name="agence_locataire"),
            RealmPolicy(
                name="agence",
                rules={
                    "partenaire": {"select": "true"},
                    "caisse": "caisse_id = {tenant}",
                    "national": "true",
                },
            ),
        ]

    def __str__(self) -> str:
        return self.nom
