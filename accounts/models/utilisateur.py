"""An account: one person, one profile, one organisation."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from accounts.enums import (
    PROFILS_ADMIN,
    Civilite,
    EtatCompte,
    FrequenceCourriels,
    MotifInactivation,
    NatureAttestation,
    Profil,
)
from accounts.querysets import UtilisateurManager
from caisses.models import Equipe


class Utilisateur(AbstractBaseUser, PermissionsMixin):
    """An account. The identifiant is unique, the e-mail address is not (decisions.md §4.1).

    What it may do comes from its role alone (a guardian permission on a Partenaire or a Caisse); `profil` says
    which role it was opened for.
    """

    identifiant = models.CharField(
        "identifiant",
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._-]{2,59}$",
                "Trois caractères au moins\u00a0: lettres minuscules, chiffres, point, tiret.",
            )
        ],
        error_messages={"unique": "Cet identifiant est déjà pris."},
    )
    profil = models.CharField("profil", max_length=16, choices=Profil.choices)
    civilite = models.CharField("civilité", max_length=3, choices=Civilite.choices)
    nom = models.CharField("nom", max_length=100)
    prenom = models.CharField("prénom", max_length=100)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("adresse électronique professionnelle")
    courriel_attente = models.EmailField(
        "nouvelle adresse, à confirmer", blank=True, default="", db_default="", editable=False
    )
    courriel_attente_le = models.DateTimeField("nouvelle adresse donnée le", null=True, editable=False)

    is_active = models.BooleanField("actif", default=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    cree_par = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="créé par"
    )
    invitation = models.PositiveSmallIntegerField("numéro d’invitation", default=0)
    invite_le = models.DateTimeField("invité le", null=True, blank=True)
    active_le = models.DateTimeField("activé le", null=True, blank=True)
    inactive_le = models.DateTimeField("inactivé le", null=True, blank=True)
    inactive_par = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="inactivé par"
    )
    motif_inactivation = models.CharField(
        "motif d’inactivation", max_length=24, choices=MotifInactivation.choices, blank=True
    )
    suppression_annoncee_le = models.DateTimeField(
        "suppression annoncée le", null=True, blank=True, editable=False
    )
    supprime_le = models.DateTimeField("supprimé le", null=True, blank=True, editable=False)
    fin_prevue = models.DateField(
        "date de fin prévue",
        null=True,
        blank=True,
        help_text="Dernier jour d’accès. Le compte est inactivé le lendemain.",
    )
    fin_annoncee = models.DateField("fin prévue annoncée", null=True, blank=True, editable=False)
    rappel_absence = models.PositiveSmallIntegerField(
        "dernier rappel sans connexion (jours)", default=0, db_default=0, editable=False
    )
    rappel_absence_le = models.DateTimeField(
        "dernier rappel sans connexion le", null=True, blank=True, editable=False
    )
    maintien_signale_le = models.DateTimeField(
        "maintien du dernier gestionnaire signalé le", null=True, blank=True, editable=False
    )
    mot_de_passe_le = models.DateTimeField("mot de passe choisi le", null=True, blank=True)
    rappel_mot_de_passe = models.PositiveSmallIntegerField(
        "dernier rappel du mot de passe (jours)", default=0
    )
    equipe = models.ForeignKey(
        Equipe,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="équipe",
        help_text="Pour un compte de caisse.",
        db_index=False,
    )
    frequence_courriels = models.CharField(
        "fréquence des courriels",
        max_length=9,
        choices=FrequenceCourriels.choices,
        default=FrequenceCourriels.IMMEDIAT,
    )
    theme = models.CharField("thème", max_length=5, default="auto")
    raccourcis = models.BooleanField("raccourcis clavier", default=False, db_default=False)

    objects = UtilisateurManager()

    USERNAME_FIELD = "identifiant"
    EMAIL_FIELD = "courriel"
    REQUIRED_FIELDS = ["profil", "nom", "prenom", "courriel"]

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ["nom", "prenom", "id"]
        permissions = [("role_national", "Administrateur national")]
        constraints = [
            models.CheckConstraint(
                name="utilisateur_identifiant_minuscule",
                condition=Q(identifiant__regex=r"^[a-z0-9._-]+$"),
                violation_error_message="L’identifiant s’écrit en minuscules.",
            ),
            models.CheckConstraint(
                name="utilisateur_inactif_date",
                condition=Q(is_active=True, inactive_le__isnull=True)
                | Q(is_active=False, inactive_le__isnull=False),
                violation_error_message="Un compte inactif porte la date de son inactivation.",
            ),
            models.CheckConstraint(
                name="utilisateur_supprime_inactif",
                condition=Q(supprime_le__isnull=True) | Q(is_active=False),
                violation_error_message="Seul un compte inactif est supprimé.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """First name and name, as shown to colleagues."""
        return f"{self.prenom} {self.nom}".strip()

    def get_short_name(self) -> str:
        return self.prenom

    @property
    def is_staff(self) -> bool:
        """Whether the profile works in the Django admin; the admin site checks the role and second factor."""
        return self.is_active and self.profil in PROFILS_ADMIN

    @property
    def etat(self) -> EtatCompte:
        """Invited, active, inactive or deleted."""
        if self.supprime_le is not None:
            return EtatCompte.SUPPRIME
        if not self.is_active:
            return EtatCompte.INACTIF
        return EtatCompte.ACTIF if self.active_le else EtatCompte.INVITE

    def clean(self) -> None:
        self.identifiant = self.identifiant.strip().lower()
        super().clean()

    def has_module_perms(self, app_label: str) -> bool:
        """The admin site decides by role, never by Django's model permissions."""
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Roles are read through `accounts.roles`; Django's model permissions grant nothing here."""
        return False


class Attestation(models.Model):
    """What a gestionnaire attested when creating an account (art. 2.2.1): which, when, by whom."""

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="attestations")
    nature = models.CharField("nature", max_length=8, choices=NatureAttestation.choices)
    le = models.DateTimeField("le")
    par = models.ForeignKey(Utilisateur, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "attestation"
        verbose_name_plural = "attestations"
        ordering = ["utilisateur", "nature"]
        constraints = [models.UniqueConstraint(fields=["utilisateur", "nature"], name="attestation_unique")]

    def __str__(self) -> str:
        return self.get_nature_display()
