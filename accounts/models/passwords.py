"""The passwords an account had, as hashes: the last ones are not taken again."""

from django.conf import settings
from django.db import models


class AncienMotDePasse(models.Model):
    """A password an account chose, the one in use included; only the last ones are kept."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="anciens_mots_de_passe", verbose_name="compte"
    )
    empreinte = models.CharField("empreinte", max_length=128)
    le = models.DateTimeField("choisi le")

    register = (
        "The last passwords, hashed, so that none is taken again (art. 2.2.1)",
        "the last five; as the account",
    )

    class Meta:
        verbose_name = "ancien mot de passe"
        verbose_name_plural = "anciens mots de passe"
        ordering = ["-le", "-id"]

    def __str__(self) -> str:
        return f"Mot de passe choisi le {self.le:%d/%m/%Y}"
