"""The motifs of appointments: data, dated, national or of one caisse."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caisses.models import Agence
from caisses.models.referentiel import REFERENCE_RULES, Entree, ReferenceQuerySet
from portal.tenancy.policies import RealmPolicy, TenantForeignKey
from signalements.kinds.rendez_vous.enums import TypeRendezVous


def agence_field() -> Any:
    """The agence, held by a composite key (decision 0024)."""
    return models.ForeignKey(
        Agence,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="agence",
        db_constraint=False,
        db_index=False,
    )


def of_agence(name: str) -> TenantForeignKey:
    """An agence named is one of the caisse's."""
    return TenantForeignKey(
        name=f"{name}_agence_locataire",
        columns=("agence_id", "caisse_id"),
        to="caisses_agence",
        to_columns=("id", "caisse_id"),
    )


def agence_rules(name: str) -> list[models.BaseConstraint]:
    """Who is met in an agence is met in one that is named, and it is one of the caisse's."""
    return [
        models.CheckConstraint(
            name=f"{name}_agence",
            condition=~Q(type=TypeRendezVous.PHYSIQUE) | Q(agence__isnull=False),
            violation_error_message="Un rendez-vous en agence nomme son agence.",
        ),
        of_agence(name),
    ]


class MotifRendezVous(Entree):
    """Why people meet: how they may be received for it, how long it takes, what to bring."""

    types = ArrayField(
        models.CharField(max_length=12, choices=TypeRendezVous.choices), verbose_name="formes possibles"
    )
    duree = models.PositiveSmallIntegerField("durée (minutes)", default=30)
    pieces = ArrayField(models.CharField(max_length=160), verbose_name="à apporter", default=list, blank=True)

    objects = ReferenceQuerySet.as_manager()
    register = ("Reference list of the appointments", "kept, dated")

    class Meta:
        verbose_name = "motif de rendez-vous"
        verbose_name_plural = "motifs de rendez-vous"
        ordering = ["ordre", "libelle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "caisse"],
                name="motif_rdv_unique",
                nulls_distinct=False,
                violation_error_message="Ce code existe déjà.",
            ),
            models.CheckConstraint(
                name="motif_rdv_duree",
                condition=Q(duree__gte=5, duree__lte=240),
                violation_error_message="Un rendez-vous dure de 5 minutes à 4 heures.",
            ),
            RealmPolicy(name="motif_rdv", rules=REFERENCE_RULES),
        ]
