"""Who an account is for ProConnect, once its holder has said so."""

from django.conf import settings
from django.db import models


class IdentiteProConnect(models.Model):
    """The one identity of an OpenID Connect provider that may open this account."""

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="identite_proconnect", verbose_name="compte"
    )
    emetteur = models.CharField("fournisseur", max_length=255)
    sujet = models.CharField("identifiant chez le fournisseur", max_length=255)
    reliee_le = models.DateTimeField("reliée le")

    register = ("Which ProConnect identity may open the account", "until undone, or as the account")

    class Meta:
        verbose_name = "identité ProConnect"
        verbose_name_plural = "identités ProConnect"
        constraints = [
            models.UniqueConstraint(fields=["emetteur", "sujet"], name="identite_proconnect_unique")
        ]

    def __str__(self) -> str:
        return f"Identité ProConnect du compte {self.utilisateur_id}"
