"""Imports of techniciens: the rows of a file while they are corrected."""

from django.conf import settings
from django.db import models

from partners.models import Partenaire
from portal.tenancy.policies import PARTENAIRE, RealmPolicy


class ImportTechniciens(models.Model):
    """A file of techniciens being read: its rows as they were typed, corrected in the page, until accounts exist.

    `lignes` is a list of objects: `numero` in the file, one text for each column, and `compte` once it is created.
    """

    partenaire = models.ForeignKey(Partenaire, models.CASCADE, related_name="+", verbose_name="structure")
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="déposé par",
        db_index=False,
    )
    le = models.DateTimeField("déposé le", db_index=True)
    lignes = models.JSONField("lignes", default=list)
    version = models.PositiveIntegerField("version", default=1)

    register = ("Techniciens to create, while their rows are corrected (art. 2.2.1)", "7 days, then deleted")
    table_privileges = {"connexion": "", "caisse": "", "national": ""}

    class Meta:
        verbose_name = "import de techniciens"
        verbose_name_plural = "imports de techniciens"
        ordering = ["-le", "-id"]
        constraints = [RealmPolicy(name="import_techniciens", rules={"partenaire": PARTENAIRE})]

    def __str__(self) -> str:
        return f"Import du {self.le:%d/%m/%Y}"
