"""The appointment of a demande, its dates and its steps."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from portal.free_text_fields import TexteLibreModelField
from portal.tenancy.policies import TenantForeignKey
from portal.ui.text import short_moment
from signalements.enums import Cote
from signalements.kinds.rendez_vous.enums import (
    Besoin,
    EtatHoraire,
    EtatRendezVous,
    ModeRendezVous,
    TypeRendezVous,
)
from signalements.kinds.rendez_vous.models.agenda import Creneau
from signalements.kinds.rendez_vous.models.motif import MotifRendezVous, agence_field, agence_rules, of_agence
from signalements.models.base import OfDemande, seen_through, tenant_constraints
from signalements.models.demande import Demande


class RendezVous(OfDemande):
    """What is asked: why, how, when the person is free, what they need. `statut` is its own step.

    An appointment in an agence that came from another service or another caisse names none: any will do, and the date
    that is fixed names one. `disponibilites` holds at most five [first day, last day, moment], days as ISO texts.
    """

    demande = models.OneToOneField(
        Demande, models.CASCADE, primary_key=True, related_name="rendez_vous", db_constraint=False
    )
    statut = models.CharField(
        "étape", max_length=16, choices=EtatRendezVous.choices, default=EtatRendezVous.DEMANDE
    )
    version = models.PositiveIntegerField("version", default=1)
    mode = models.CharField("mode", max_length=12, choices=ModeRendezVous.choices)
    type = models.CharField("forme souhaitée", max_length=12, choices=TypeRendezVous.choices)
    motif = models.ForeignKey(
        MotifRendezVous, models.PROTECT, related_name="+", verbose_name="motif", db_index=False
    )
    agence = agence_field()
    disponibilites = models.JSONField("disponibilités", default=list, blank=True)
    accompagnee = models.BooleanField("accompagnée par la structure", default=False)
    accompagnant = models.CharField("accompagnée par", max_length=80, blank=True)
    langue_interprete = models.CharField("interprète souhaité en", max_length=40, blank=True)
    besoins = ArrayField(
        models.CharField(max_length=20, choices=Besoin.choices),
        verbose_name="besoins d’accueil",
        default=list,
        blank=True,
    )
    precision = TexteLibreModelField("précision", max_length=500, blank=True)

    register = ("The appointment asked for (art. 1.2)", "as the demande")

    class Meta:
        verbose_name = "rendez-vous"
        verbose_name_plural = "rendez-vous"
        indexes = [
            # What waits for a structure is counted on each of its pages.
            models.Index(
                fields=["partenaire"],
                include=["demande"],
                name="rdv_propose",
                condition=Q(statut=EtatRendezVous.PROPOSE),
            )
        ]
        constraints = [
            of_agence("rdv"),
            *tenant_constraints("rdv", caisse=seen_through("signalements_demande", "demande_id")),
        ]

    def __str__(self) -> str:
        return f"Rendez-vous {self.demande_id}"


class TimeSpan(Func):
    """The time a date takes, its end left out."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Horaire(OfDemande):
    """A date: proposed, then fixed, discarded or freed. Nothing is deleted: the history is these rows."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="horaires", db_constraint=False)
    etat = models.CharField("état", max_length=8, choices=EtatHoraire.choices)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    type = models.CharField("forme", max_length=12, choices=TypeRendezVous.choices)
    agence = agence_field()
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="agent",
        db_index=False,
    )
    # The composite key to the place holds the caisse too (decision 0024).
    creneau = models.ForeignKey(
        Creneau,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="créneau",
        db_constraint=False,
        db_index=False,
    )
    cree_le = models.DateTimeField("proposé ou fixé le")
    clos_le = models.DateTimeField("écarté ou libéré le", null=True)
    rappele_le = models.DateTimeField("rappelé le", null=True)

    register = ("Dates proposed and fixed", "as the demande")

    class Meta:
        verbose_name = "date de rendez-vous"
        verbose_name_plural = "dates de rendez-vous"
        ordering = ["debut", "id"]
        indexes = [
            models.Index(fields=["demande"], name="horaire_demande"),
            models.Index(
                fields=["caisse", "debut"], name="horaire_caisse", condition=Q(etat=EtatHoraire.FIXE)
            ),
            models.Index(
                fields=["partenaire", "debut"],
                name="horaire_partenaire",
                condition=Q(etat=EtatHoraire.FIXE),
            ),
            models.Index(
                fields=["debut"],
                name="horaire_a_rappeler",
                condition=Q(etat=EtatHoraire.FIXE, rappele_le__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="horaire_fin",
                condition=Q(fin__gt=F("debut")),
                violation_error_message="Un rendez-vous finit après son début.",
            ),
            models.UniqueConstraint(
                fields=["demande"], name="horaire_fixe_unique", condition=Q(etat=EtatHoraire.FIXE)
            ),
            models.UniqueConstraint(
                fields=["creneau"],
                name="horaire_creneau_unique",
                condition=Q(etat=EtatHoraire.FIXE, creneau__isnull=False),
            ),
            TenantForeignKey(
                name="horaire_creneau_locataire",
                columns=("creneau_id", "caisse_id"),
                to="rendez_vous_creneau",
                to_columns=("id", "caisse_id"),
            ),
            ExclusionConstraint(
                name="horaire_agent_libre",
                expressions=[
                    ("agent", RangeOperators.EQUAL),
                    (TimeSpan("debut", "fin"), RangeOperators.OVERLAPS),
                ],
                condition=Q(etat=EtatHoraire.FIXE, agent__isnull=False),
            ),
            *agence_rules("horaire"),
            *tenant_constraints("horaire", caisse=seen_through("signalements_demande", "demande_id")),
        ]

    def __str__(self) -> str:
        return short_moment(self.debut)


class EtapeRendezVous(OfDemande):
    """A step of an appointment: from, to, when, by whom, why. The log both sides read."""

    demande = models.ForeignKey(Demande, models.CASCADE, related_name="etapes_rdv", db_constraint=False)
    de = models.CharField("de", max_length=16, choices=EtatRendezVous.choices, blank=True)
    vers = models.CharField("vers", max_length=16, choices=EtatRendezVous.choices)
    le = models.DateTimeField("le")
    acteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    cote = models.CharField("côté", max_length=12, choices=Cote.choices)
    commentaire = TexteLibreModelField("commentaire", max_length=500, blank=True)

    register = ("Who moved the appointment, when, why", "as the demande")
    table_privileges = {
        "connexion": "",
        "partenaire": "SELECT, INSERT",
        "caisse": "SELECT, INSERT",
    }

    class Meta:
        verbose_name = "étape d’un rendez-vous"
        verbose_name_plural = "étapes des rendez-vous"
        ordering = ["le", "id"]
        indexes = [models.Index(fields=["demande", "le"], name="etape_rdv_demande")]
        constraints = tenant_constraints(
            "etape_rdv", caisse=seen_through("signalements_demande", "demande_id")
        )

    def __str__(self) -> str:
        return f"{self.de} → {self.vers}"
