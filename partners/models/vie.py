"""What happens to a convention: its log, its mises en demeure, its avenants, the members of a union."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partners.enums import ActeConvention, EtatConvention, NiveauEngagement, Partie
from partners.models.convention import Convention
from partners.models.partenaire import Partenaire
from partners.models.parties import OF_CONVENTION
from portal.tenancy.policies import RealmPolicy, TenantForeignKey

OF_AVENANT = "EXISTS (SELECT 1 FROM partners_avenant a WHERE a.id = {table}.avenant_id)"


class PassageConvention(models.Model):
    """One line of the log of a convention: a change of state or an act that leaves it as it is. Never changed."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="passages")
    acte = models.CharField("acte", max_length=12, choices=ActeConvention.choices)
    de = models.CharField("de", max_length=12, choices=EtatConvention.choices)
    vers = models.CharField("vers", max_length=12, choices=EtatConvention.choices)
    le = models.DateTimeField("le")
    jour = models.DateField(
        "jour", null=True, help_text="Le jour que l’acte porte\u00a0: signature, fin, échéance."
    )
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    partie = models.CharField("partie", max_length=10, choices=Partie.choices, blank=True)
    commentaire = models.TextField("commentaire", blank=True)

    register = ("What happened to a convention, by whom and when", "as the convention")
    table_privileges = {"connexion": "", "caisse": "SELECT, INSERT", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "événement d’une convention"
        verbose_name_plural = "événements des conventions"
        ordering = ["-le", "-id"]
        constraints = [
            RealmPolicy(
                name="passage_convention",
                rules={
                    "partenaire": {"select": OF_CONVENTION},
                    "caisse": {"select": OF_CONVENTION, "insert": OF_CONVENTION},
                    "national": {"select": "true", "insert": "true"},
                },
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_acte_display()} {self.le:%d/%m/%Y}"


class MiseEnDemeure(models.Model):
    """A formal notice: what is not respected, when it left and came, how it ended (art. 8.2-b, métier art. 9.4)."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="mises_en_demeure")
    par = models.CharField("partie qui met en demeure", max_length=10, choices=Partie.choices)
    manquement = models.TextField("manquement en cause")
    envoyee_le = models.DateField("lettre recommandée envoyée le")
    recue_le = models.DateField("reçue le", null=True, blank=True)
    levee_le = models.DateField("levée le", null=True, blank=True)
    resiliee_le = models.DateField("suivie de la résiliation le", null=True, blank=True)

    register = ("Formal notices between the parties (art. 8.2)", "as the convention")
    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "mise en demeure"
        verbose_name_plural = "mises en demeure"
        ordering = ["-envoyee_le", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(levee_le__isnull=True, resiliee_le__isnull=True),
                name="mise_en_demeure_unique",
                violation_error_message="Une mise en demeure est déjà en cours.",
            ),
            models.CheckConstraint(
                name="mise_en_demeure_dates",
                condition=Q(recue_le__isnull=True) | Q(recue_le__gte=F("envoyee_le")),
                violation_error_message="La réception ne peut pas précéder l’envoi.",
            ),
            RealmPolicy(
                name="mise_en_demeure",
                rules={"partenaire": {"select": OF_CONVENTION}, "caisse": OF_CONVENTION, "national": "true"},
            ),
        ]

    def __str__(self) -> str:
        return f"Mise en demeure du {self.envoyee_le:%d/%m/%Y}"


class Avenant(models.Model):
    """A change of a convention, in force once all its parties have signed it; its objectives stay (art. 8.3).

    `changements` holds what it changes, by the names of the fields, out of `partners/operations/avenants.py`.
    """

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="avenants")
    numero = models.PositiveSmallIntegerField("numéro")
    objet = models.CharField("objet", max_length=200)
    texte = models.TextField("texte", max_length=4000, blank=True, default="", db_default="")
    changements = models.JSONField("ce qu’il change", default=dict, blank=True, db_default={})
    redige_le = models.DateTimeField("rédigé le", null=True, blank=True)
    date = models.DateField("date de signature par toutes les parties", null=True, blank=True)
    abandonne_le = models.DateField("abandonné le", null=True, blank=True)

    register = ("Changes of a convention signed by all (art. 8.3)", "as the convention")
    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "avenant"
        verbose_name_plural = "avenants"
        ordering = ["convention", "numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "numero"],
                name="avenant_numero_unique",
                violation_error_message="Cette convention a déjà un avenant de ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(date=None, abandonne_le=None),
                name="avenant_un_ouvert",
                violation_error_message="Un avenant de cette convention est déjà en signature.",
            ),
            RealmPolicy(
                name="avenant",
                rules={"partenaire": {"select": OF_CONVENTION}, "caisse": OF_CONVENTION, "national": "true"},
            ),
        ]

    def __str__(self) -> str:
        return f"Avenant n° {self.numero}"

    @property
    def etat_affiche(self) -> str:
        """How it stands, in words."""
        if self.date is not None:
            return f"En vigueur depuis le {self.date:%d/%m/%Y}"
        return "Abandonné" if self.abandonne_le else "En signature"


class SignatureAvenant(models.Model):
    """Who signs an avenant for a party, and when."""

    avenant = models.ForeignKey(Avenant, models.CASCADE, related_name="signatures")
    partie = models.CharField("partie", max_length=10, choices=Partie.choices)
    organisme = models.CharField("organisme", max_length=160, blank=True)
    nom = models.CharField("nom", max_length=160)
    qualite = models.CharField("qualité", max_length=160)
    signee_le = models.DateField("signé le", null=True, blank=True)

    register = ("Who signs a change of a convention (art. 8.3)", "as the convention")
    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "signature d’un avenant"
        verbose_name_plural = "signatures des avenants"
        ordering = ["partie", "id"]
        constraints = [
            RealmPolicy(
                name="signature_avenant",
                rules={"partenaire": {"select": OF_AVENANT}, "caisse": OF_AVENANT, "national": "true"},
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom}, {self.qualite}"


class MembreUnion(models.Model):
    """A structure behind a convention d’union, with the level it commits itself to (convention d’union, art. II)."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="membres")
    union = models.ForeignKey(
        Partenaire, models.PROTECT, related_name="+", verbose_name="union", editable=False, db_index=False
    )
    partenaire = models.ForeignKey(
        Partenaire,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="structure sur le portail",
        help_text="Vide tant que la structure n’y est pas.",
    )
    nom = models.CharField("nom de la structure", max_length=160)
    niveau = models.PositiveSmallIntegerField(
        "niveau d’engagement", choices=NiveauEngagement.choices, default=NiveauEngagement.INFORMATION
    )

    register = ("Members of a union and their level (convention d’union, art. II)", "as the convention")
    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "membre de l’union"
        verbose_name_plural = "membres de l’union"
        ordering = ["convention", "nom", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "nom"],
                name="membre_union_unique",
                violation_error_message="Cette structure est déjà dans la liste.",
            ),
            models.UniqueConstraint(
                fields=["convention", "partenaire"],
                name="membre_union_partenaire_unique",
                violation_error_message="Cette structure est déjà dans la liste.",
            ),
            TenantForeignKey(
                name="membre_union_convention",
                columns=("convention_id", "union_id"),
                to="partners_convention",
                to_columns=("id", "partenaire_id"),
            ),
            RealmPolicy(
                name="membre_union",
                rules={
                    # A member reads its own line; the union reads them all.
                    "partenaire": {"select": "partenaire_id = {tenant} OR union_id = {tenant}"},
                    "caisse": OF_CONVENTION,
                    "national": "true",
                },
            ),
        ]

    def __str__(self) -> str:
        return self.nom
