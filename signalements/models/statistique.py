"""The roll-up the statistics read: counts of what happened, never of whom."""

from django.db import models
from django.db.models import Q

from caisses.enums import Fonction
from caisses.models import Caisse
from partners.models import Partenaire
from portal.tenancy.policies import CAISSE, PARTENAIRE, RealmPolicy

SEEN_BY_CAISSE = {"select": CAISSE}


class StatistiqueMensuelle(models.Model):
    """What happened in one month at one caisse, for one kind: from one structure, or from all (`partenaire` None).

    `bruts` and `nets` hold how many decisions took that many calendar days ({"12": 3}), with and without the days
    spent waiting for the structure: medians and percentiles in whole days are exact over any months added up.
    `raisons` holds how many items were asked for each reason, by id. `entrees` and `sorties` are what became open
    and ceased to be.
    """

    caisse = models.ForeignKey(
        Caisse, models.CASCADE, related_name="+", verbose_name="caisse", db_index=False
    )
    partenaire = models.ForeignKey(
        Partenaire, models.CASCADE, null=True, related_name="+", verbose_name="structure", db_index=False
    )
    fonction = models.CharField("service", max_length=16, choices=Fonction.choices)
    mois = models.DateField("mois (premier jour)")
    recues = models.IntegerField("demandes reçues", default=0)
    urgentes = models.IntegerField("dont urgentes", default=0)
    entrees = models.IntegerField("demandes ouvertes", default=0)
    sorties = models.IntegerField("demandes closes", default=0)
    decidees = models.IntegerField("décisions", default=0)
    jugees = models.IntegerField("réponses dont le délai est connu", default=0)
    tenues = models.IntegerField("réponses dans le délai promis", default=0)
    retours = models.IntegerField("compléments demandés", default=0)
    mesurees = models.IntegerField("décisions dont la durée est connue", default=0)
    jours_bruts = models.BigIntegerField("somme des jours bruts", default=0)
    jours_nets = models.BigIntegerField("somme des jours nets", default=0)
    bruts = models.JSONField("décisions par jours bruts", default=dict)
    nets = models.JSONField("décisions par jours nets", default=dict)
    raisons = models.JSONField("éléments demandés par raison", default=dict)

    table_privileges = {"connexion": "", "partenaire": "SELECT", "caisse": "SELECT"}

    class Meta:
        verbose_name = "statistique mensuelle"
        verbose_name_plural = "statistiques mensuelles"
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "partenaire", "mois", "fonction"],
                name="statistique_mensuelle_unique",
                nulls_distinct=False,
            ),
            RealmPolicy(
                name="statistique_mensuelle",
                rules={"partenaire": {"select": PARTENAIRE}, "caisse": SEEN_BY_CAISSE},
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mois:%Y-%m} {self.fonction}"


class StatistiqueArretee(models.Model):
    """Up to which day the statistics of a caisse are rolled up: what happened since is read live."""

    caisse = models.OneToOneField(
        Caisse, models.CASCADE, primary_key=True, related_name="+", verbose_name="caisse"
    )
    jusqua = models.DateField("premier jour qui n’est pas compté")

    table_privileges = {"connexion": "", "partenaire": "", "caisse": "SELECT"}

    class Meta:
        verbose_name = "arrêté des statistiques"
        verbose_name_plural = "arrêtés des statistiques"
        constraints = [RealmPolicy(name="statistique_arretee", rules={"caisse": SEEN_BY_CAISSE})]

    def __str__(self) -> str:
        return f"{self.jusqua:%Y-%m-%d}"


class DelaiHabituel(models.Model):
    """« Délai habituel ici »: the median of the last 90 days, for a caisse and a kind, from ten decisions on."""

    caisse = models.ForeignKey(
        Caisse, models.CASCADE, related_name="+", verbose_name="caisse", db_index=False
    )
    fonction = models.CharField("service", max_length=16, choices=Fonction.choices)
    jours = models.PositiveSmallIntegerField("médiane (jours calendaires)")
    cas = models.PositiveIntegerField("décisions comptées")

    table_privileges = {"connexion": "", "partenaire": "SELECT", "caisse": "SELECT"}

    class Meta:
        verbose_name = "délai habituel"
        verbose_name_plural = "délais habituels"
        constraints = [
            models.UniqueConstraint(fields=["caisse", "fonction"], name="delai_habituel_unique"),
            models.CheckConstraint(
                name="delai_habituel_dix_cas",
                condition=Q(cas__gte=10),
                violation_error_message="Un délai habituel se calcule sur dix décisions au moins.",
            ),
            # Shown to whoever may send there, and it tells of nobody: ten decisions at least.
            RealmPolicy(
                name="delai_habituel", rules={"partenaire": {"select": "true"}, "caisse": SEEN_BY_CAISSE}
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fonction}\u00a0: {self.jours} jours"
