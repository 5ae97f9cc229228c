"""A one-time page where a phone brings files to one place of one demande."""

from django.conf import settings
from django.db import models

from signalements.models.base import OfDemande, tenant_constraints
from signalements.models.demande import Demande


class DepotTelephone(OfDemande):
    """What a QR code opens for ten minutes: adding files at `place`, and nothing else.

    The token and the phone are kept hashed. The caisse's role has no policy on this table.
    """

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="+", db_constraint=False)
    place = models.CharField("place des fichiers", max_length=60)
    jeton = models.CharField("jeton, haché", max_length=64)
    appareil = models.CharField("téléphone, haché", max_length=64, blank=True)
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="créé par"
    )
    cree_le = models.DateTimeField("créé le")
    expire_le = models.DateTimeField("expire le", db_index=True)
    clos_le = models.DateTimeField("clos le", null=True)
    recus = models.PositiveSmallIntegerField("fichiers reçus", default=0)

    class Meta:
        verbose_name = "dépôt par téléphone"
        verbose_name_plural = "dépôts par téléphone"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["jeton"], name="depot_jeton_unique"),
            *tenant_constraints("depot", caisse=None),
        ]

    def __str__(self) -> str:
        return f"Dépôt de la demande {self.demande_id}"
