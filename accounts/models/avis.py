"""Notices of security: the proof that the caisse told the structure, or the structure the caisse (art. 4.1)."""

from django.db import models

from accounts.enums import MotifInactivation, NatureAvis, Profil
from accounts.models.utilisateur import Utilisateur
from caisses.models import Caisse
from partners.models import Partenaire
from portal.identifiers import uuid7
from portal.tenancy.policies import RealmPolicy


class AvisSecurite(models.Model):
    """What happened, when, decided by which role, about which access. Written once; its PDF is kept with it.

    The account is named by its identifiant until it is deleted: the PDF then is made again without it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    nature = models.CharField("objet", max_length=11, choices=NatureAvis.choices)
    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+", verbose_name="caisse")
    partenaire = models.ForeignKey(Partenaire, models.CASCADE, related_name="+", verbose_name="structure")
    le = models.DateTimeField("le")
    motif = models.CharField("motif", max_length=24, choices=MotifInactivation.choices)
    faits = models.TextField("faits", blank=True)
    role = models.CharField("décidé par", max_length=16, choices=Profil.choices)
    auteur = models.ForeignKey(Utilisateur, models.SET_NULL, null=True, related_name="+", db_index=False)
    compte = models.ForeignKey(
        Utilisateur, models.SET_NULL, null=True, related_name="+", verbose_name="compte"
    )
    identifiant = models.CharField("identifiant du compte", max_length=60, blank=True)
    profil = models.CharField("profil du compte", max_length=16, choices=Profil.choices, blank=True)
    pdf = models.BinaryField("document", null=True)
    empreinte = models.CharField("empreinte du document", max_length=64, blank=True)

    register = ("Proof of what was told about security (art. 4.1)", "life of the conventions, then archives")
    table_privileges = {"connexion": "", "partenaire": "SELECT, INSERT", "caisse": "SELECT, INSERT"}

    class Meta:
        verbose_name = "avis de sécurité"
        verbose_name_plural = "avis de sécurité"
        ordering = ["-le", "-id"]
        constraints = [
            RealmPolicy(
                name="avis_securite",
                rules={
                    "partenaire": "partenaire_id = {tenant}",
                    "caisse": (
                        "EXISTS (SELECT 1 FROM partners_partenaire p WHERE p.id = {table}.partenaire_id)"
                    ),
                    "national": "true",
                },
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()}, le {self.le:%d/%m/%Y}"

    @property
    def numero(self) -> str:
        """How the notice is called, on its page and its file."""
        return f"AS-{self.le:%Y%m%d}-{self.pk.hex[-6:].upper()}"
