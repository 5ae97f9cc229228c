"""The private address at which a calendar reads one's appointments."""

import hashlib

from django.conf import settings
from django.db import models

from signalements.kinds.rendez_vous.enums import PorteeFlux


class FluxAgenda(models.Model):
    """One address an account: only the digest of its secret is kept, so that it is shown once."""

    utilisateur = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    empreinte = models.CharField("empreinte", max_length=64)
    portee = models.CharField("portée", max_length=10, choices=PorteeFlux.choices)
    cree_le = models.DateTimeField("créé le")
    lu_le = models.DateTimeField("lu le", null=True)
    heure = models.DateTimeField("début de l’heure comptée", null=True)
    lectures = models.PositiveIntegerField("lectures dans l’heure", default=0)

    table_privileges = {"connexion": "", "national": ""}
    register = (
        "Private address of one's appointments, its secret hashed",
        "until revoked, or as the account",
    )

    class Meta:
        verbose_name = "flux d’agenda"
        verbose_name_plural = "flux d’agenda"
        constraints = [models.UniqueConstraint(fields=["empreinte"], name="flux_empreinte_unique")]

    def __str__(self) -> str:
        return f"Flux {self.utilisateur_id}"

    @staticmethod
    def digest(jeton: str) -> str:
        """The stored form of a secret of 256 random bits: nothing to gain by salting it."""
        return hashlib.sha256(jeton.encode()).hexdigest()
