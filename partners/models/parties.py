"""The people a convention names: who signs it, who each party writes to."""

from django.db import models

from partners.enums import Partie
from partners.models.convention import Convention
from portal.tenancy.policies import RealmPolicy


class ConventionPart(models.Model):
    """What belongs to one convention and to its tenants."""

    partie = models.CharField("partie", max_length=10, choices=Partie.choices)
    nom = models.CharField("nom", max_length=160)

    class Meta:
        abstract = True


OF_CONVENTION = "EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)"


class Signataire(ConventionPart):
    """Who signs a convention for a party; it is in force when all have signed (art. 8.1)."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="signataires")
    organisme = models.CharField(
        "organisme",
        max_length=160,
        blank=True,
        default="",
        db_default="",
        help_text="Pour un tiers signataire\u00a0: la Caf, le SIAO, la Carsat…",
    )
    qualite = models.CharField("qualité", max_length=160)
    signee_le = models.DateField("signée le", null=True, blank=True)

    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "signataire"
        verbose_name_plural = "signataires"
        ordering = ["partie", "id"]
        constraints = [
            RealmPolicy(
                name="signataire",
                rules={"partenaire": {"select": OF_CONVENTION}, "caisse": OF_CONVENTION, "national": "true"},
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom}, {self.qualite}"


class Referent(ConventionPart):
    """The local référent of a party: who the other side writes to."""

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="referents")
    fonction = models.CharField("fonction", max_length=120, blank=True)
    courriel = models.EmailField("adresse électronique")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    cas_urgents = models.BooleanField("reçoit les situations urgentes", default=False)
    depuis = models.DateField("référent depuis le", null=True, blank=True)

    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "référent"
        verbose_name_plural = "référents"
        ordering = ["partie", "id"]
        constraints = [
            RealmPolicy(
                name="referent",
                rules={"partenaire": {"select": OF_CONVENTION}, "caisse": OF_CONVENTION, "national": "true"},
            )
        ]

    def __str__(self) -> str:
        return self.nom
