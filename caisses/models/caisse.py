"""A caisse: who it is, what it offers, within which delays."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models

from caisses.enums import Fonction, PeriodeRevue, TypeCaisse
from portal import clock
from portal.calendar import ZoneFeries
from portal.tenancy.policies import RealmPolicy


def all_functions() -> list[str]:
    """Every function of the portal: what a new caisse offers."""
    return list(Fonction.values)


class Caisse(models.Model):
    """A health-insurance fund. Delays are in jours ouvrés of its zone, but for dossiers (calendar days)."""

    code = models.CharField(
        "code", max_length=3, unique=True, validators=[RegexValidator(r"^\d{3}$", "Trois chiffres.")]
    )
    nom = models.CharField("nom", max_length=120)
    type = models.CharField("type", max_length=4, choices=TypeCaisse.choices)
    departements = ArrayField(models.CharField(max_length=3), verbose_name="départements")
    zone_feries = models.CharField(
        "zone de jours fériés", max_length=16, choices=ZoneFeries.choices, default=ZoneFeries.METROPOLE
    )
    fuseau = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    active = models.BooleanField("ouverte sur le portail", default=False)
    adresse = models.TextField("adresse", blank=True)
    fonctions_offertes = ArrayField(
        models.CharField(max_length=16, choices=Fonction.choices),
        verbose_name="fonctions offertes",
        default=all_functions,
        blank=True,
    )

    support_nom = models.CharField("interlocuteur du support", max_length=120, blank=True)
    support_courriel = models.EmailField("adresse électronique du support", blank=True)
    support_telephone = models.CharField("téléphone du support", max_length=20, blank=True)
    dpo_courriel = models.EmailField(
        "adresse électronique du délégué à la protection des données", blank=True
    )
    equipe_mas_nom = models.CharField(
        "équipe des saisines", max_length=120, default="Mission accompagnement santé"
    )
    equipe_mas_courriel = models.EmailField("adresse électronique de l’équipe des saisines", blank=True)
    referent_urgences = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="référent des urgences",
        help_text="Reçoit les demandes urgentes. Sans référent, c’est l’équipe.",
        db_index=False,
    )
    canal_secours = models.TextField(
        "canal de secours", blank=True, help_text="Affiché quand le portail est en maintenance (art. 3.2)."
    )
    canaux_secours = models.JSONField(
        "canaux de secours par fonction",
        default=dict,
        blank=True,
        editable=False,
        db_default=models.Value({}, models.JSONField()),
    )

    delai_dossier = models.PositiveSmallIntegerField("délai d’un dossier (jours calendaires)", default=30)
    delai_saisine = models.PositiveSmallIntegerField(
        "premier contact d’une saisine (jours ouvrés)", default=5
    )
    delai_document = models.PositiveSmallIntegerField("délai d’un document (jours ouvrés)", default=5)
    delai_rendez_vous = models.PositiveSmallIntegerField(
        "première proposition d’un rendez-vous (jours ouvrés)", default=3
    )
    delai_contact = models.PositiveSmallIntegerField("délai d’un message (jours ouvrés)", default=2)
    delai_urgence = models.PositiveSmallIntegerField("délai d’une urgence (jours ouvrés)", default=1)
    delai_habilitation = models.PositiveSmallIntegerField(
        "habilitation d’un gestionnaire (jours ouvrés)", default=5, db_default=5
    )
    rappel_complement = models.PositiveSmallIntegerField(
        "rappel d’un complément demandé (jours calendaires)", default=15
    )
    abandon_complement = models.PositiveSmallIntegerField(
        "sans suite faute de complément (jours calendaires)", default=30
    )
    seuil_proche = models.PositiveSmallIntegerField("échéance proche (jours)", default=3)
    seuil_imminent = models.PositiveSmallIntegerField("échéance imminente (jours)", default=1)
    abandon_brouillon = models.PositiveSmallIntegerField("suppression d’un brouillon (jours)", default=30)

    revue_habilitations_mois = models.PositiveSmallIntegerField(
        "revue d’habilitations des structures",
        choices=PeriodeRevue.choices,
        default=PeriodeRevue.DOUZE_MOIS,
        db_default=PeriodeRevue.DOUZE_MOIS,
        help_text="Ouverte d’elle-même à chaque structure. Vous pouvez aussi en ouvrir une à tout moment.",
    )
    revue_habilitations_jours = models.PositiveSmallIntegerField(
        "temps laissé pour une revue d’habilitations (jours calendaires)", default=30, db_default=30
    )

    second_facteur_partenaires = models.BooleanField("second facteur exigé des partenaires", default=True)
    nom_agent_visible = models.BooleanField("nom de l’agent visible du partenaire", default=False)
    types_soins_visibles = models.BooleanField("types de soins proposés dans la saisine", default=True)
    ame_premiere_transmissible = models.BooleanField("première demande d’AME transmissible", default=False)

    rendez_vous_sur_demande = models.BooleanField(
        "rendez-vous sur demande",
        default=True,
        db_default=True,
        help_text="La structure donne des disponibilités, la caisse propose des dates.",
    )
    rendez_vous_reservation = models.BooleanField(
        "rendez-vous par réservation",
        default=False,
        db_default=False,
        help_text="La structure choisit un créneau publié par la caisse.",
    )
    rendez_vous_visio = models.BooleanField("rendez-vous en visioconférence", default=False, db_default=False)

    without_policy = "The list of the caisses is public; each caisse's settings are shown to its partners."
    table_privileges = {"connexion": "SELECT", "partenaire": "SELECT", "caisse": "SELECT, UPDATE"}

    class Meta:
        verbose_name = "caisse"
        verbose_name_plural = "caisses"
        ordering = ["code"]
        permissions = [
            ("role_agent", "Agent"),
            ("role_conseiller_mas", "Conseiller accompagnement santé"),
            ("role_superviseur", "Superviseur"),
            ("role_admin_caisse", "Administrateur de la caisse"),
        ]

    def __str__(self) -> str:
        return self.nom

    def today(self) -> date:
        """Today's date in the caisse's time zone."""
        return clock.today(self.fuseau)


class FermetureLocale(models.Model):
    """A day on which a caisse is closed beyond the public holidays of its zone."""

    caisse = models.ForeignKey(Caisse, models.CASCADE, related_name="fermetures", verbose_name="caisse")
    jour = models.DateField("jour")
    libelle = models.CharField("libellé", max_length=80)

    table_privileges = {"connexion": "SELECT", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "fermeture locale"
        verbose_name_plural = "fermetures locales"
        ordering = ["jour", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "jour"],
                name="fermeture_unique",
                violation_error_message="Cette fermeture est déjà enregistrée.",
            ),
            RealmPolicy(
                name="fermeture",
                rules={
                    "connexion": {"select": "true"},
                    "partenaire": {"select": "true"},
                    "caisse": "caisse_id = {tenant}",
                    "national": "true",
                },
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jour:%d/%m/%Y} {self.libelle}"
