"""Reference data of the dossiers: the rules of each type and the pièces it expects, dated, editable in the admin."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caisses.models import Caisse, TypePiece
from caisses.models.referentiel import REFERENCE_RULES, ReferenceQuerySet
from portal.tenancy.policies import RealmPolicy
from signalements.kinds.dossier.enums import Nature, Silence, Situation, TypeDossier


def months(verbose_name: str, help_text: str) -> "ArrayField[list[int], list[int]]":
    """A list of numbers of months."""
    return ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=verbose_name,
        help_text=help_text,
        default=list,
        blank=True,
    )


class RegleDossier(models.Model):
    """What the law says of a type of dossier: where it exists, when it is renewed, what silence means."""

    type = models.CharField("type", max_length=20, choices=TypeDossier.choices)
    formulaire = models.CharField("formulaire", max_length=80, help_text="Numéro et nom, tels qu’affichés.")
    departements_exclus = ArrayField(
        models.CharField(max_length=3),
        verbose_name="départements où il ne s’applique pas",
        default=list,
        blank=True,
    )
    raison_exclusion = models.CharField("raison affichée", max_length=300, blank=True)
    delai_legal_mois = models.PositiveSmallIntegerField("délai légal (mois)", null=True, blank=True)
    silence = models.CharField(
        "sens du silence", max_length=8, choices=Silence.choices, blank=True, default=""
    )
    renouveler_des_mois = models.PositiveSmallIntegerField(
        "renouvellement\u00a0: au plus tôt, mois avant la fin", null=True, blank=True
    )
    renouveler_avant_mois = models.PositiveSmallIntegerField(
        "renouvellement\u00a0: risque de rupture, mois avant la fin", null=True, blank=True
    )
    urgence_jours = models.PositiveSmallIntegerField("urgent\u00a0: jours avant la fin", default=15)
    rappels_mois = months("rappels de renouvellement", "Mois avant la fin du droit.")
    valide_du = models.DateField("valable du", null=True, blank=True)
    valide_au = models.DateField("valable jusqu’au", null=True, blank=True)

    objects = ReferenceQuerySet.as_manager()
    table_privileges = {"connexion": "SELECT", "partenaire": "SELECT", "caisse": "SELECT"}
    register = ("Rules of each type of dossier", "kept, dated")

    class Meta:
        verbose_name = "règle d’un type de dossier"
        verbose_name_plural = "règles des types de dossier"
        ordering = ["type", "valide_du", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "valide_du"],
                name="regle_dossier_unique",
                nulls_distinct=False,
                violation_error_message="Une règle de ce type commence déjà ce jour-là.",
            ),
            models.CheckConstraint(
                name="regle_dossier_dates",
                condition=Q(valide_du__isnull=True)
                | Q(valide_au__isnull=True)
                | Q(valide_au__gte=models.F("valide_du")),
                violation_error_message="La fin de validité vient après son début.",
            ),
            models.CheckConstraint(
                name="regle_dossier_silence",
                condition=Q(delai_legal_mois__isnull=True, silence="")
                | Q(delai_legal_mois__isnull=False) & ~Q(silence=""),
                violation_error_message="Un délai légal dit le sens du silence.",
            ),
        ]

    def __str__(self) -> str:
        return str(TypeDossier(self.type).label)


class PieceAttendue(models.Model):
    """A pièce a type of dossier expects, and when: the nature of the request, the situation, the household.

    It is expected when its type is the dossier's, its nature is one of `natures` (or none is named), the situation
    holds one of `si_situations` (or none is named) and none of `sauf_situations`, and the household, applicant
    included, counts at least `si_membres`.
    """

    type_dossier = models.CharField("type de dossier", max_length=20, choices=TypeDossier.choices)
    type_piece = models.ForeignKey(TypePiece, models.PROTECT, related_name="+", verbose_name="pièce")
    aide = models.CharField("aide", max_length=300, blank=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=100)
    obligatoire = models.BooleanField("obligatoire", default=True)
    absence_admise = models.BooleanField(
        "absence admise", default=False, help_text="Le dossier peut partir sans elle, avec une raison."
    )
    formulaire = models.BooleanField("formulaire signé", default=False)
    traduisible = models.BooleanField("langue et traduction demandées", default=False)
    natures = ArrayField(
        models.CharField(max_length=16, choices=Nature.choices),
        verbose_name="pour ces demandes seulement",
        default=list,
        blank=True,
    )
    si_situations = ArrayField(
        models.CharField(max_length=16, choices=Situation.choices),
        verbose_name="si l’une de ces situations",
        default=list,
        blank=True,
    )
    sauf_situations = ArrayField(
        models.CharField(max_length=16, choices=Situation.choices),
        verbose_name="sauf dans ces situations",
        default=list,
        blank=True,
    )
    si_membres = models.PositiveSmallIntegerField("à partir de (personnes dans le foyer)", default=1)
    raison_retour = models.CharField(
        "motif de retour proposé",
        max_length=40,
        blank=True,
        help_text="Code de la liste des motifs de retour.",
    )
    caisse = models.ForeignKey(
        Caisse, models.CASCADE, null=True, blank=True, verbose_name="propre à la caisse", related_name="+"
    )
    valide_du = models.DateField("valable du", null=True, blank=True)
    valide_au = models.DateField("valable jusqu’au", null=True, blank=True)

    objects = ReferenceQuerySet.as_manager()
    register = ("Pièces each type of dossier expects", "kept, dated")

    class Meta:
        verbose_name = "pièce attendue"
        verbose_name_plural = "pièces attendues"
        ordering = ["type_dossier", "ordre", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["type_dossier", "type_piece", "caisse", "valide_du"],
                name="piece_attendue_unique",
                nulls_distinct=False,
                violation_error_message="Cette pièce est déjà attendue pour ce type de dossier.",
            ),
            RealmPolicy(name="piece_attendue", rules=REFERENCE_RULES),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_dossier_display()}\u00a0: {self.type_piece_id}"

    def is_expected(self, nature: str, situations: list[str], membres: int) -> bool:
        """Whether a dossier of its type expects it; `membres` counts the applicant."""
        if self.natures and nature not in self.natures:
            return False
        if self.si_situations and not set(self.si_situations) & set(situations):
            return False
        return not set(self.sauf_situations) & set(situations) and membres >= self.si_membres
