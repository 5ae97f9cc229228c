"""Models of conventions: the rules and the text a new convention starts from, national or of one caisse."""

from django.core.exceptions import ValidationError
from django.db import models

from caisses.models.referentiel import REFERENCE_RULES, Entree, ReferenceQuerySet
from partners.enums import DepartDelai, NatureConvention, Reconduction, RegimePreavis
from partners.models.convention import Convention
from partners.models.parties import OF_CONVENTION
from partners.texts import WrongText, read_text
from portal.tenancy.policies import RealmPolicy


class Redaction(models.Model):
    """The words of a convention and who follows it, in a model as in a convention made from it."""

    intitule = models.CharField("intitulé", max_length=200)
    texte = models.TextField("préambule et articles", max_length=60_000)
    annexes = models.TextField("annexes", max_length=60_000, blank=True)
    comite = models.CharField("comité de suivi", max_length=120, blank=True)
    comite_mois = models.PositiveSmallIntegerField(
        "fréquence du comité (mois)", null=True, blank=True, help_text="12\u00a0: une fois par an."
    )
    exemplaires = models.PositiveSmallIntegerField("nombre d’exemplaires", default=2)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """The text is written as it should."""
        super().clean()
        wrong = {}
        for name in ("texte", "annexes"):
            try:
                read_text(getattr(self, name), {})
            except WrongText as error:
                wrong[name] = str(error)
        if wrong:
            raise ValidationError(wrong)


class ModeleConvention(Redaction, Entree):
    """A model of convention. What was signed from it keeps its own words: it is never read again."""

    nature = models.CharField("nature", max_length=12, choices=NatureConvention.choices)
    duree_mois = models.PositiveSmallIntegerField("durée (mois)", default=12)
    reconduction = models.CharField(
        "reconduction", max_length=8, choices=Reconduction.choices, default=Reconduction.TACITE
    )
    regime_preavis = models.CharField(
        "dénonciation", max_length=12, choices=RegimePreavis.choices, default=RegimePreavis.AUCUN
    )
    preavis_mois = models.PositiveSmallIntegerField("préavis (mois)", null=True, blank=True)
    mise_en_demeure_jours = models.PositiveSmallIntegerField("mise en demeure (jours)", default=15)
    mise_en_demeure_depart = models.CharField(
        "départ de la mise en demeure", max_length=9, choices=DepartDelai.choices, default=DepartDelai.ENVOI
    )
    evaluation_requise = models.BooleanField("évaluation partagée de la première année", default=True)

    objects = ReferenceQuerySet.as_manager()
    register = ("Models of conventions: rules and text, nobody named", "unlimited")

    class Meta:
        verbose_name = "modèle de convention"
        verbose_name_plural = "modèles de conventions"
        ordering = ["ordre", "libelle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "caisse"],
                name="modele_convention_unique",
                nulls_distinct=False,
                violation_error_message="Ce code existe déjà.",
            ),
            RealmPolicy(name="modele_convention", rules=REFERENCE_RULES),
        ]

    def __str__(self) -> str:
        return self.libelle


REGLES = (
    "duree_mois",
    "reconduction",
    "regime_preavis",
    "preavis_mois",
    "mise_en_demeure_jours",
    "mise_en_demeure_depart",
    "evaluation_requise",
)
"""The rules a convention takes from its model."""


class TexteConvention(Redaction):
    """The text of one convention, taken from a model, then its own. Apart from the convention, read at each page."""

    convention = models.OneToOneField(Convention, models.CASCADE, related_name="redaction")
    modele = models.ForeignKey(
        ModeleConvention, models.PROTECT, related_name="+", verbose_name="modèle", editable=False
    )

    register = ("Text of a convention (art. 8.3: changed by avenant only)", "as the convention")
    table_privileges = {"connexion": "", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "texte de la convention"
        verbose_name_plural = "texte de la convention"
        constraints = [
            RealmPolicy(
                name="texte_convention",
                rules={"partenaire": {"select": OF_CONVENTION}, "caisse": OF_CONVENTION, "national": "true"},
            )
        ]

    def __str__(self) -> str:
        return self.intitule
