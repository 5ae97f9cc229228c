"""Permanences in a structure's premises, and what came of them (SIAO-4-4-n to s)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from caisses.models import Caisse
from partners.models import Partenaire
from portal.free_text_fields import TexteLibreModelField
from portal.tenancy.policies import CAISSE, PARTENAIRE, RealmPolicy, TenantForeignKey
from signalements.kinds.rendez_vous.enums import EtatPermanence, Jour, NaturePermanence
from signalements.models.base import OfDemande, seen_through, tenant_constraints
from signalements.models.demande import Demande


class Permanence(models.Model):
    """The caisse comes to a structure: every week or so with nobody named beforehand, or once for grouped files."""

    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+", verbose_name="caisse")
    partenaire = models.ForeignKey(Partenaire, models.PROTECT, related_name="+", verbose_name="structure")
    nature = models.CharField("nature", max_length=12, choices=NaturePermanence.choices)
    etat = models.CharField(
        "état", max_length=10, choices=EtatPermanence.choices, default=EtatPermanence.PROPOSEE
    )
    version = models.PositiveIntegerField("version", default=1)
    lieu = models.TextField("lieu", max_length=300)
    du = models.DateField("du")
    au = models.DateField("au")
    jours = ArrayField(
        models.PositiveSmallIntegerField(choices=Jour.choices),
        verbose_name="jours",
        default=list,
        blank=True,
    )
    semaines = models.PositiveSmallIntegerField("toutes les (semaines)", default=1)
    heure_debut = models.TimeField("de")
    heure_fin = models.TimeField("à")
    capacite = models.PositiveSmallIntegerField("personnes reçues au plus")
    intervenants = models.CharField("qui vient de la caisse", max_length=200)
    avec_caf = models.BooleanField("avec la Caf", default=False)
    interprete = models.CharField("interprète en", max_length=80, blank=True)
    public = TexteLibreModelField("public attendu", max_length=200, blank=True, db_default="")
    accompagnants = TexteLibreModelField(
        "travailleurs sociaux présents", max_length=200, blank=True, db_default=""
    )
    raison = TexteLibreModelField("raison", max_length=300, blank=True)
    proposee_le = models.DateTimeField("proposée le")
    proposee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    decidee_le = models.DateTimeField("validée ou refusée le", null=True)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    table_privileges = {"partenaire": "SELECT, UPDATE"}
    register = ("Permanences of a caisse in a structure", "life of the convention")

    class Meta:
        verbose_name = "permanence"
        verbose_name_plural = "permanences"
        ordering = ["-du", "-id"]
        constraints = [
            models.CheckConstraint(name="permanence_heures", condition=Q(heure_fin__gt=F("heure_debut"))),
            models.CheckConstraint(name="permanence_dates", condition=Q(au__gte=F("du"))),
            models.CheckConstraint(
                name="permanence_capacite",
                condition=Q(capacite__gte=1, capacite__lte=60, semaines__gte=1, semaines__lte=8),
            ),
            models.UniqueConstraint(fields=["id", "partenaire", "caisse"], name="permanence_locataire"),
            RealmPolicy(
                name="permanence",
                rules={
                    "partenaire": {"select": PARTENAIRE, "update": PARTENAIRE},
                    "caisse": CAISSE,
                },
            ),
        ]

    def __str__(self) -> str:
        return f"Permanence {self.pk}"


class Seance(models.Model):
    """One day of a permanence, and its bilan."""

    permanence = models.ForeignKey(Permanence, models.CASCADE, related_name="seances", db_constraint=False)
    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+", db_index=False)
    partenaire = models.ForeignKey(Partenaire, models.PROTECT, related_name="+", db_index=False)
    jour = models.DateField("jour")
    recus = models.PositiveSmallIntegerField("personnes reçues", null=True)
    dossiers = models.PositiveSmallIntegerField("dossiers faits", null=True)
    bilan_le = models.DateTimeField("bilan fait le", null=True)
    bilan_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    table_privileges = {"partenaire": "SELECT, INSERT, UPDATE"}
    register = ("Days of a permanence, counts of its bilan", "life of the convention")

    class Meta:
        verbose_name = "séance de permanence"
        verbose_name_plural = "séances de permanence"
        ordering = ["jour", "id"]
        constraints = [
            models.UniqueConstraint(fields=["permanence", "jour"], name="seance_unique"),
            models.UniqueConstraint(fields=["id", "partenaire", "caisse"], name="seance_locataire"),
            models.CheckConstraint(
                name="seance_bilan",
                condition=Q(bilan_le__isnull=True) | Q(recus__isnull=False, dossiers__isnull=False),
            ),
            TenantForeignKey(
                name="seance_permanence_locataire",
                columns=("permanence_id", "partenaire_id", "caisse_id"),
                to="rendez_vous_permanence",
                to_columns=("id", "partenaire_id", "caisse_id"),
            ),
            RealmPolicy(
                name="seance",
                rules={
                    "partenaire": {"select": PARTENAIRE, "insert": PARTENAIRE, "update": PARTENAIRE},
                    "caisse": CAISSE,
                },
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jour:%d/%m/%Y}"


class DossierSeance(OfDemande):
    """A demande grouped with others for one day of a permanence, in the order in which people are received."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="+", db_constraint=False)
    seance = models.ForeignKey(Seance, models.CASCADE, related_name="dossiers_lies", db_constraint=False)
    numero = models.PositiveSmallIntegerField("ordre")

    register = ("Files grouped for a permanence", "as the demande")

    class Meta:
        verbose_name = "dossier d’une permanence"
        verbose_name_plural = "dossiers des permanences"
        ordering = ["numero", "id"]
        constraints = [
            models.UniqueConstraint(fields=["seance", "demande"], name="dossier_seance_unique"),
            models.UniqueConstraint(fields=["seance", "numero"], name="dossier_seance_ordre"),
            TenantForeignKey(
                name="dossier_seance_parent",
                columns=("seance_id", "partenaire_id", "caisse_id"),
                to="rendez_vous_seance",
                to_columns=("id", "partenaire_id", "caisse_id"),
            ),
            *tenant_constraints("dossier_seance", caisse=seen_through("signalements_demande", "demande_id")),
        ]

    def __str__(self) -> str:
        return f"{self.numero}"
