"""Conditions of use: versions, and who accepted which, when (art. 2.1)."""

from django.conf import settings
from django.db import models


class VersionCgu(models.Model):
    """A version of the conditions générales d'utilisation."""

    numero = models.CharField("version", max_length=12, unique=True)
    publiee_le = models.DateTimeField("publiée le")
    resume = models.TextField("résumé", help_text="Un engagement par ligne.")
    changements = models.TextField("ce qui change", blank=True)
    texte = models.TextField("texte")

    table_privileges = {"partenaire": "SELECT", "caisse": "SELECT", "connexion": "SELECT"}

    class Meta:
        verbose_name = "version des conditions d’utilisation"
        verbose_name_plural = "conditions d’utilisation"
        ordering = ["-publiee_le", "-id"]

    def __str__(self) -> str:
        return f"Version {self.numero}"


class AcceptationCgu(models.Model):
    """The acceptance of a version by an account."""

    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="acceptations_cgu")
    version = models.ForeignKey(VersionCgu, models.PROTECT, related_name="acceptations")
    le = models.DateTimeField("acceptée le")
    adresse = models.GenericIPAddressField("adresse IP", null=True, blank=True)

    class Meta:
        verbose_name = "acceptation des conditions"
        verbose_name_plural = "acceptations des conditions"
        ordering = ["-le", "-id"]
        constraints = [models.UniqueConstraint(fields=["utilisateur", "version"], name="acceptation_unique")]

    def __str__(self) -> str:
        return f"{self.version} le {self.le:%d/%m/%Y}"
