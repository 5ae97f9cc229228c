"""The teams of a caisse: who receives which kind of demande, and where they are written to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from caisses.enums import Fonction
from caisses.models.caisse import Caisse
from portal.tenancy.policies import RealmPolicy


class EquipeQuerySet(models.QuerySet["Equipe"]):
    """Reads of the teams."""

    def handling(self, caisse_id: int, fonction: str) -> "EquipeQuerySet":
        """The active teams of a caisse that handle a function, in the order in which they are asked."""
        return self.filter(caisse_id=caisse_id, active=True, fonctions__contains=[fonction])


class Equipe(models.Model):
    """A team of a caisse. A demande goes to the first active one that handles its function."""

    caisse = models.ForeignKey(Caisse, models.CASCADE, related_name="equipes", verbose_name="caisse")
    nom = models.CharField("nom", max_length=80)
    courriel = models.EmailField("adresse électronique", blank=True)
    fonctions = ArrayField(
        models.CharField(max_length=16, choices=Fonction.choices),
        verbose_name="fonctions traitées",
        default=list,
        blank=True,
    )
    ordre = models.PositiveSmallIntegerField("ordre", default=100)
    active = models.BooleanField("active", default=True)

    objects = EquipeQuerySet.as_manager()
    table_privileges = {"partenaire": "SELECT"}

    class Meta:
        verbose_name = "équipe"
        verbose_name_plural = "équipes"
        ordering = ["ordre", "nom", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "nom"],
                name="equipe_unique",
                violation_error_message="Une équipe porte déjà ce nom.",
            ),
            models.UniqueConstraint(fields=["id", "caisse"], name="equipe_locataire"),
            RealmPolicy(
                name="equipe",
                rules={
                    # A structure's sending chooses the team; it reads no more than a name and a mailbox.
                    "partenaire": {"select": "true"},
                    "caisse": "caisse_id = {tenant}",
                    "national": "true",
                },
            ),
        ]

    def __str__(self) -> str:
        return self.nom
