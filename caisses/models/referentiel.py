"""Reference lists: data, dated, national or of one caisse."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caisses.enums import Fonction, ListeMotifs
from caisses.models.caisse import Caisse
from portal.compiled import Slot
from portal.tenancy.policies import RealmPolicy


class ReferenceQuerySet(models.QuerySet["Motif"]):
    """Reads of the dated reference lists."""

    def valid_on(self, day: date | Slot) -> "ReferenceQuerySet":
        """The entries in force on `day`."""
        return self.filter(
            Q(valide_du__isnull=True) | Q(valide_du__lte=day),
            Q(valide_au__isnull=True) | Q(valide_au__gte=day),
        )

    def for_caisse(self, caisse: Caisse | Slot) -> "ReferenceQuerySet":
        """The national entries and those of `caisse`."""
        return self.filter(Q(caisse__isnull=True) | Q(caisse=caisse))

    def words_for(self, caisses: list[int]) -> dict[str, str]:
        """Code to label for several caisses, expired entries too, in order; the national word wins."""
        rows = self.filter(Q(caisse__isnull=True) | Q(caisse__in=caisses)).order_by("ordre", "libelle", "pk")
        found = list(rows.values_list("code", "libelle", "caisse"))
        national = {code: label for code, label, of_caisse in found if of_caisse is None}
        return {code: national.get(code, label) for code, label, _ in found}


REFERENCE_RULES: dict[str, str | dict[str, str]] = {
    "connexion": {"select": "caisse_id IS NULL"},
    "partenaire": {"select": "true"},
    "caisse": {
        "select": "caisse_id = {tenant} OR caisse_id IS NULL",
        "insert": "caisse_id = {tenant}",
        "update": "caisse_id = {tenant}",
        "delete": "caisse_id = {tenant}",
    },
    "national": "true",
}


class Entree(models.Model):
    """What the entries of the reference lists share."""

    code = models.SlugField("code", max_length=40)
    libelle = models.CharField("libellé", max_length=160)
    aide = models.CharField("aide", max_length=300, blank=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=100)
    caisse = models.ForeignKey(
        Caisse, models.CASCADE, null=True, blank=True, verbose_name="propre à la caisse", related_name="+"
    )
    valide_du = models.DateField("valable du", null=True, blank=True)
    valide_au = models.DateField("valable jusqu’au", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.libelle


class Motif(Entree):
    """An entry of a list of motifs (difficulties, causes, urgency, refusal…)."""

    liste = models.CharField("liste", max_length=16, choices=ListeMotifs.choices)
    alerte = models.CharField(
        "alerte", max_length=300, blank=True, help_text="Montrée à qui choisit cette entrée."
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "motif"
        verbose_name_plural = "motifs"
        ordering = ["liste", "ordre", "libelle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["liste", "code", "caisse"],
                name="motif_unique",
                nulls_distinct=False,
                violation_error_message="Ce code existe déjà dans cette liste.",
            ),
            RealmPolicy(name="motif", rules=REFERENCE_RULES),
        ]


class Ressource(Entree):
    """Where an answer may be found before one writes to the caisse: a page, a number, the portal's support."""

    url = models.URLField("adresse", blank=True)
    support = models.BooleanField(
        "montrer le support",
        default=False,
        help_text="Montre l’interlocuteur du support du portail de la caisse, à la place d’une adresse.",
    )
    objets = ArrayField(
        models.SlugField(max_length=40),
        verbose_name="objets de message concernés",
        help_text="Codes de la liste «\u00a0Objets d’un message à la caisse\u00a0», un par ligne.",
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "ressource"
        verbose_name_plural = "ressources"
        ordering = ["ordre", "libelle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "caisse"],
                name="ressource_unique",
                nulls_distinct=False,
                violation_error_message="Ce code existe déjà.",
            ),
            RealmPolicy(name="ressource", rules=REFERENCE_RULES),
        ]


class TypePiece(Entree):
    """A kind of document that may be joined to a demande."""

    fonctions = ArrayField(
        models.CharField(max_length=16, choices=Fonction.choices), verbose_name="fonctions"
    )
    precision_requise = models.BooleanField("précision demandée", default=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "type de pièce"
        verbose_name_plural = "types de pièces"
        ordering = ["ordre", "libelle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "caisse"],
                name="type_piece_unique",
                nulls_distinct=False,
                violation_error_message="Ce code existe déjà.",
            ),
            RealmPolicy(name="type_piece", rules=REFERENCE_RULES),
        ]
