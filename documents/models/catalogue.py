"""The catalogue of the documents a structure may ask a caisse for: data, dated, national or of one caisse."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models

from caisses.models.referentiel import REFERENCE_RULES, Entree, ReferenceQuerySet
from documents.catalogue import Alerte, Champ, WrongCatalogue, read_fields, read_warnings
from documents.enums import ModeleProduit, ModeRemise
from partners.enums import TypePartenaire
from portal.tenancy.policies import RealmPolicy


class EntreeCatalogue(Entree):
    """A document that can be asked for: what the form asks, what is warned of, to whom and how it is given.

    `champs` and `alertes` are declared in the words of `documents/catalogue.py`. Without `types_partenaires` any
    structure may ask; without `delai_jours` the caisse's own delay runs.
    """

    champs = models.JSONField("champs supplémentaires", default=list, blank=True)
    alertes = models.JSONField("alertes", default=list, blank=True)
    types_partenaires = ArrayField(
        models.CharField(max_length=12, choices=TypePartenaire.choices),
        verbose_name="types de structures autorisés",
        default=list,
        blank=True,
    )
    modes = ArrayField(
        models.CharField(max_length=12, choices=ModeRemise.choices), verbose_name="modes de remise"
    )
    delai_jours = models.PositiveSmallIntegerField("délai propre (jours ouvrés)", null=True, blank=True)
    modele = models.CharField(
        "document produit par le portail", max_length=20, choices=ModeleProduit.choices, blank=True
    )
    texte = models.TextField("texte de la lettre d’information", blank=True, max_length=3000)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "document du catalogue"
        verbose_name_plural = "catalogue des documents"
        ordering = ["ordre", "libelle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "caisse"],
                name="catalogue_unique",
                nulls_distinct=False,
                violation_error_message="Ce code existe déjà.",
            ),
            RealmPolicy(name="catalogue", rules=REFERENCE_RULES),
        ]

    def clean(self) -> None:
        """Fields and warnings are written as they should."""
        super().clean()
        try:
            champs = read_fields(self.champs)
        except WrongCatalogue as error:
            raise ValidationError({"champs": str(error)}) from error
        try:
            read_warnings(self.alertes, champs)
        except WrongCatalogue as error:
            raise ValidationError({"alertes": str(error)}) from error

    @property
    def champs_lus(self) -> tuple[Champ, ...]:
        """The fields it asks for."""
        return read_fields(self.champs)

    @property
    def alertes_lues(self) -> tuple[Alerte, ...]:
        """What it warns of."""
        return read_warnings(self.alertes, self.champs_lus)
