"""Revues d’habilitations: what a structure says of each of its accounts, and the proof that it did (art. 4.2)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.enums import ReponseRevue
from accounts.querysets import RevueQuerySet
from caisses.models import Caisse
from partners.models import Partenaire
from portal.tenancy.policies import CAISSE, PARTENAIRE, RealmPolicy, TenantForeignKey

TENANT = ("id", "partenaire", "caisse")


class RevueHabilitation(models.Model):
    """A review a caisse asks of a structure: is each active account still needed?

    Open until it is confirmed or closed. The accounts to review are those active when the page is read: an account
    opened or inactivated meanwhile is seen at once, and the answers are kept apart, one row each.
    """

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+", verbose_name="caisse")
    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, related_name="revues", verbose_name="structure", db_index=False
    )
    periodique = models.BooleanField("ouverte par la période de la caisse", default=False)
    ouverte_le = models.DateTimeField("ouverte le")
    annoncee_le = models.DateTimeField("annoncée le", null=True)
    ouverte_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="ouverte par",
        db_index=False,
    )
    echeance = models.DateField("à faire avant le", help_text="Le dernier jour pour confirmer.")
    rappel_jours = models.PositiveSmallIntegerField("dernier rappel (jours avant)", default=0)
    retard_signale_le = models.DateTimeField("retard signalé le", null=True)
    confirmee_le = models.DateTimeField("confirmée le", null=True)
    confirmee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="confirmée par",
        db_index=False,
    )
    close_le = models.DateTimeField("close sans réponse le", null=True)
    version = models.PositiveIntegerField("version", default=1)

    objects = RevueQuerySet.as_manager()
    register = ("Reviews of the accounts of a structure (art. 4.2)", "life of the convention, then archives")
    table_privileges = {"connexion": "", "partenaire": "SELECT, UPDATE"}

    class Meta:
        verbose_name = "revue d’habilitations"
        verbose_name_plural = "revues d’habilitations"
        ordering = ["-ouverte_le", "-id"]
        indexes = [
            models.Index(fields=["partenaire", "-ouverte_le"], name="revue_structure"),
            models.Index(
                fields=["echeance", "id"],
                name="revue_a_faire",
                condition=Q(confirmee_le__isnull=True, close_le__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partenaire", "caisse"],
                condition=Q(confirmee_le__isnull=True, close_le__isnull=True),
                name="revue_ouverte_unique",
                violation_error_message="Une revue est déjà ouverte pour cette structure.",
            ),
            models.UniqueConstraint(fields=TENANT, name="revue_locataire"),
            models.CheckConstraint(
                name="revue_une_fin",
                condition=Q(confirmee_le__isnull=True) | Q(close_le__isnull=True),
                violation_error_message="Une revue confirmée n’est plus à clore.",
            ),
            RealmPolicy(
                name="revue",
                rules={
                    "partenaire": {"select": PARTENAIRE, "update": PARTENAIRE},
                    "caisse": CAISSE,
                    "national": {"select": "true"},
                },
            ),
        ]

    def __str__(self) -> str:
        return f"Revue d’habilitations n° {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for the structure."""
        return self.confirmee_le is None and self.close_le is None


def _of_revue(name: str) -> TenantForeignKey:
    return TenantForeignKey(
        name=f"{name}_locataire",
        columns=("revue_id", "partenaire_id", "caisse_id"),
        to="accounts_revuehabilitation",
        to_columns=("id", "partenaire_id", "caisse_id"),
    )


class LigneRevue(models.Model):
    """What was said of one account; the latest answer, until the review is confirmed."""

    revue = models.ForeignKey(
        RevueHabilitation, models.CASCADE, related_name="lignes", db_constraint=False, db_index=False
    )
    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    compte = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="compte", db_index=False
    )
    reponse = models.CharField("réponse", max_length=6, choices=ReponseRevue.choices)
    fonction = models.CharField("nouvelle fonction", max_length=120, blank=True)
    par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    le = models.DateTimeField("répondu le")

    register = ("What the structure said of each account in a review", "as the review")
    table_privileges = {"connexion": "", "caisse": "SELECT"}

    class Meta:
        verbose_name = "réponse d’une revue"
        verbose_name_plural = "réponses des revues"
        ordering = ["revue", "compte"]
        constraints = [
            models.UniqueConstraint(fields=["revue", "compte"], name="ligne_revue_unique"),
            _of_revue("ligne_revue"),
            RealmPolicy(
                name="ligne_revue",
                rules={
                    "partenaire": PARTENAIRE,
                    "caisse": {"select": CAISSE},
                    "national": {"select": "true"},
                },
            ),
        ]

    def __str__(self) -> str:
        return self.get_reponse_display()


class PreuveRevue(models.Model):
    """The dated PDF of a confirmed review: written once, never changed."""

    revue = models.OneToOneField(
        RevueHabilitation, models.CASCADE, related_name="preuve", db_constraint=False
    )
    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    contenu = models.BinaryField("document PDF")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    le = models.DateTimeField("produite le")

    register = ("Signed-off list of accounts, as PDF (art. 4.2)", "as the review")
    table_privileges = {
        "connexion": "",
        "partenaire": "SELECT, INSERT",
        "caisse": "SELECT",
        "national": "SELECT",
    }

    class Meta:
        verbose_name = "preuve d’une revue"
        verbose_name_plural = "preuves des revues"
        ordering = ["-le", "-id"]
        constraints = [
            _of_revue("preuve_revue"),
            RealmPolicy(
                name="preuve_revue",
                rules={
                    "partenaire": {"select": PARTENAIRE, "insert": PARTENAIRE},
                    "caisse": {"select": CAISSE},
                    "national": {"select": "true"},
                },
            ),
        ]

    def __str__(self) -> str:
        return f"Preuve du {self.le:%d/%m/%Y}"
