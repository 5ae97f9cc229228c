"""What a saisine adds to the envelope (domaine.md §5.2)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.free_text_fields import TexteLibreModelField
from signalements.kinds.saisine.enums import (
    CanalPrefere,
    Complementaire,
    Hebergement,
    OuiNonInconnu,
    PlageRappel,
)
from signalements.models.base import OfDemande, tenant_constraints
from signalements.models.demande import Demande


def codes(verbose_name: str) -> "ArrayField[list[str], list[str]]":
    """A list of codes of a reference list (`caisses.Motif`)."""
    return ArrayField(models.CharField(max_length=40), verbose_name=verbose_name, default=list, blank=True)


class Saisine(OfDemande):
    """The situation signalled. Motifs are codes of the reference lists, so that they outlive their edition."""

    demande = models.OneToOneField(
        Demande, models.CASCADE, primary_key=True, related_name="saisine", db_constraint=False
    )
    difficultes = codes("difficultés")
    types_soins = codes("types de soins")
    causes = codes("causes")
    demarches_faites = codes("démarches déjà faites")
    canal_prefere = models.CharField("contact préféré", max_length=12, choices=CanalPrefere.choices)
    plages_rappel = ArrayField(
        models.CharField(max_length=10, choices=PlageRappel.choices),
        verbose_name="plages de rappel",
        default=list,
        blank=True,
    )
    langue_interprete = models.CharField("interprète souhaité en", max_length=40, blank=True)
    hebergement = models.CharField("logement", max_length=8, choices=Hebergement.choices, blank=True)
    droits_base = models.CharField("droits de base ouverts", max_length=8, choices=OuiNonInconnu.choices)
    complementaire = models.CharField("complémentaire", max_length=8, choices=Complementaire.choices)
    medecin_traitant = models.CharField(
        "médecin traitant déclaré", max_length=8, choices=OuiNonInconnu.choices
    )
    description = TexteLibreModelField("description factuelle", max_length=1000, blank=True)

    register = ("The situation signalled (art. 1.2)", "as the demande")

    class Meta:
        # The name it had when it belonged to the envelope's app.
        db_table = "signalements_saisine"
        verbose_name = "saisine"
        verbose_name_plural = "saisines"
        constraints = [
            models.CheckConstraint(
                name="saisine_difficulte",
                condition=~Q(difficultes=[]),
                violation_error_message="Une saisine porte au moins une difficulté.",
            ),
            *tenant_constraints(
                "saisine",
                caisse=(
                    "caisse_id = {tenant} AND EXISTS "
                    "(SELECT 1 FROM signalements_demande d WHERE d.id = {table}.demande_id)"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Saisine {self.demande_id}"
