"""Conventions between a caisse and a partner."""

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from caisses.enums import Fonction
from caisses.models import Caisse
from partners.enums import (
    EN_VIGUEUR,
    FINIES,
    NATURES_METIER,
    VIVANTES,
    DepartDelai,
    EtatConvention,
    MotifFin,
    NatureConvention,
    Partie,
    Reconduction,
    RegimePreavis,
    SuiteDemandes,
)
from partners.models.partenaire import Partenaire
from portal.tenancy.policies import CAISSE, RealmPolicy, TenantForeignKey


class ConventionQuerySet(models.QuerySet["Convention"]):
    """Reads of the conventions."""

    def in_force(self, day: date) -> "ConventionQuerySet":
        """Active on `day`, by its own dates."""
        return self.filter(
            Q(date_fin__isnull=True) | Q(date_fin__gte=day), etat__in=EN_VIGUEUR, date_effet__lte=day
        )

    def living(self) -> "ConventionQuerySet":
        """Begun, and not over."""
        return self.filter(etat__in=VIVANTES)

    def not_over(self) -> "ConventionQuerySet":
        """Neither terminated nor expired; drafts are among them."""
        return self.exclude(etat__in=FINIES)

    def visible_to(self, membership: Any) -> "ConventionQuerySet":
        """Those of one's own structure or caisse; all for the national administrator."""
        if membership is None:
            return self.none()
        if membership.partenaire_id is not None:
            return self.filter(partenaire_id=membership.partenaire_id)
        return self.all() if membership.caisse_id is None else self.filter(caisse_id=membership.caisse_id)

    def utilisations(self) -> "ConventionQuerySet":
        """The active conventions d'utilisation of open caisses, with their caisse and their métier convention."""
        return self.filter(
            nature=NatureConvention.UTILISATION, etat__in=EN_VIGUEUR, caisse__active=True
        ).select_related("caisse", "adossee_a")


class Convention(models.Model):
    """A convention. The métier one comes first; the utilisation one leans on it (art. 8.1)."""

    reference = models.CharField("référence", max_length=40)
    nature = models.CharField("nature", max_length=12, choices=NatureConvention.choices)
    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="conventions", verbose_name="caisse")
    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, related_name="conventions", verbose_name="structure"
    )
    adossee_a = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="utilisations",
        verbose_name="convention métier",
    )
    etat = models.CharField(
        "état", max_length=12, choices=EtatConvention.choices, default=EtatConvention.BROUILLON
    )
    date_effet = models.DateField("date d’effet", null=True, blank=True)
    date_fin = models.DateField(
        "dernier jour",
        null=True,
        blank=True,
        help_text="Vide\u00a0: reconduite tant que personne ne la dénonce.",
    )
    duree_mois = models.PositiveSmallIntegerField("durée (mois)", default=12)
    reconduction = models.CharField(
        "reconduction", max_length=8, choices=Reconduction.choices, default=Reconduction.TACITE
    )
    echeance = models.DateField(
        "échéance",
        null=True,
        blank=True,
        editable=False,
        help_text="Premier jour de la période suivante.",
    )
    regime_preavis = models.CharField(
        "dénonciation",
        max_length=12,
        choices=RegimePreavis.choices,
        default=RegimePreavis.ECHEANCE,
        db_default=RegimePreavis.ECHEANCE,
    )
    preavis_mois = models.PositiveSmallIntegerField("préavis (mois)", null=True, blank=True)
    mise_en_demeure_jours = models.PositiveSmallIntegerField("mise en demeure (jours)", default=15)
    mise_en_demeure_depart = models.CharField(
        "départ de la mise en demeure", max_length=9, choices=DepartDelai.choices, default=DepartDelai.ENVOI
    )
    fonctions = ArrayField(
        models.CharField(max_length=16, choices=Fonction.choices),
        verbose_name="fonctions activées",
        default=list,
        blank=True,
    )
    documents_sortants = models.BooleanField("documents sortants autorisés", default=False)
    evaluation_requise = models.BooleanField(
        "évaluation partagée de la première année",
        default=True,
        db_default=True,
        help_text="La première reconduction attend cette évaluation (convention métier, art. 9.2).",
    )
    evaluee_le = models.DateField("évaluée le", null=True, blank=True, editable=False)
    denoncee_le = models.DateField("dénoncée le", null=True, blank=True, editable=False)
    denoncee_par = models.CharField(
        "dénoncée par",
        max_length=10,
        choices=Partie.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    motif_fin = models.CharField(
        "motif de la fin",
        max_length=12,
        choices=MotifFin.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    suite_demandes = models.CharField(
        "demandes encore ouvertes à la fin",
        max_length=8,
        choices=SuiteDemandes.choices,
        default=SuiteDemandes.TERMINER,
        db_default=SuiteDemandes.TERMINER,
        editable=False,
    )
    rappel_jours = models.PositiveSmallIntegerField(
        "dernier rappel avant l’échéance (jours)", default=0, db_default=0, editable=False
    )
    version = models.PositiveIntegerField("version", default=1, editable=False)

    objects = ConventionQuerySet.as_manager()
    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "convention"
        verbose_name_plural = "conventions"
        ordering = ["partenaire__raison_sociale", "nature", "-date_effet", "id"]
        indexes = [
            models.Index(fields=["caisse", "partenaire"], name="convention_caisse_partenaire"),
            models.Index(fields=["echeance"], name="convention_echeance", condition=Q(etat__in=VIVANTES)),
            models.Index(fields=["date_fin"], name="convention_fin", condition=Q(etat__in=VIVANTES)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "reference"],
                name="convention_reference_unique",
                violation_error_message="Cette référence est déjà celle d’une autre convention.",
            ),
            models.UniqueConstraint(fields=["id", "partenaire", "caisse"], name="convention_locataire"),
            models.UniqueConstraint(fields=["id", "caisse"], name="convention_de_caisse"),
            models.UniqueConstraint(fields=["id", "partenaire"], name="convention_de_structure"),
            models.CheckConstraint(
                name="convention_dates",
                condition=Q(date_fin__isnull=True) | Q(date_fin__gte=F("date_effet")),
                violation_error_message="La fin ne peut pas précéder la date d’effet.",
            ),
            models.CheckConstraint(
                name="convention_active_datee",
                condition=~Q(etat__in=VIVANTES) | Q(date_effet__isnull=False),
                violation_error_message="Une convention active a une date d’effet.",
            ),
            models.CheckConstraint(
                name="convention_adossee",
                condition=Q(nature=NatureConvention.UTILISATION, adossee_a__isnull=False)
                | ~Q(nature=NatureConvention.UTILISATION) & Q(adossee_a__isnull=True),
                violation_error_message=(
                    "Une convention d’utilisation s’adosse à une convention métier, et elle seule."
                ),
            ),
            models.CheckConstraint(
                name="convention_fonctions",
                condition=Q(nature=NatureConvention.UTILISATION) | Q(fonctions=[]),
                violation_error_message="Seule une convention d’utilisation active des fonctions.",
            ),
            ExclusionConstraint(
                name="convention_sans_chevauchement",
                expressions=[
                    ("caisse", RangeOperators.EQUAL),
                    ("partenaire", RangeOperators.EQUAL),
                    ("nature", RangeOperators.EQUAL),
                    (
                        Func(
                            "date_effet",
                            "date_fin",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(etat__in=VIVANTES),
                violation_error_message="Une convention de même nature est déjà active sur cette période.",
            ),
            # The métier may be that of a union the structure belongs to: the same caisse, another partner.
            TenantForeignKey(
                name="convention_adossee_caisse",
                columns=("adossee_a_id", "caisse_id"),
                to="partners_convention",
                to_columns=("id", "caisse_id"),
            ),
            RealmPolicy(
                name="convention",
                rules={
                    # Its own, and the métier of the union it belongs to, on which its own leans.
                    "partenaire": {
                        "select": (
                            "partenaire_id = {tenant} OR EXISTS (SELECT 1 FROM partners_membreunion m "
                            "WHERE m.convention_id = {table}.id AND m.partenaire_id = {tenant})"
                        )
                    },
                    "caisse": CAISSE,
                    "national": "true",
                },
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} {self.reference}"

    @property
    def is_metier(self) -> bool:
        """Whether a convention d'utilisation may lean on it."""
        return self.nature in NATURES_METIER

    def in_force_on(self, day: date) -> bool:
        """Whether it is active on `day`, by its own dates."""
        if self.etat not in EN_VIGUEUR or self.date_effet is None:
            return False
        return self.date_effet <= day and (self.date_fin is None or day <= self.date_fin)

    def opens_on(self, day: date) -> bool:
        """Whether it opens the portal on `day`: an utilisation in force, on a métier in force (art. 8.1)."""
        return self.adossee_a is not None and self.in_force_on(day) and self.adossee_a.in_force_on(day)

    @property
    def fonctions_ouvertes(self) -> frozenset[str]:
        """The functions activated here and offered by the caisse (art. 1.2). Says nothing of the dates."""
        return frozenset(self.fonctions) & frozenset(self.caisse.fonctions_offertes)
