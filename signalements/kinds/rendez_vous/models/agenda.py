"""Published times: plages, and the places they are cut into."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from caisses.models import Caisse
from partners.models import Partenaire
from portal.tenancy.policies import RealmPolicy, TenantForeignKey
from portal.ui.text import hour_in_words, short_moment
from signalements.kinds.rendez_vous.enums import Jour, TypeRendezVous
from signalements.kinds.rendez_vous.models.motif import agence_field, agence_rules

OPEN_TO = "(partenaire_id IS NULL OR partenaire_id = {tenant})"


class PlageHoraire(models.Model):
    """Hours a caisse opens to booking, on one day or every week: what for, how long, how many at a time.

    `preavis_min` is in jours ouvrés, `preavis_max` in days. With a `partenaire` only that structure may book.
    """

    caisse = models.ForeignKey(Caisse, models.CASCADE, related_name="+", verbose_name="caisse")
    partenaire = models.ForeignKey(
        Partenaire,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="réservée à",
        db_index=False,
    )
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
    motifs = ArrayField(
        models.CharField(max_length=40), verbose_name="motifs reçus", default=list, blank=True
    )
    jours = ArrayField(models.PositiveSmallIntegerField(choices=Jour.choices), verbose_name="jours")
    du = models.DateField("du")
    au = models.DateField("au")
    heure_debut = models.TimeField("de")
    heure_fin = models.TimeField("à")
    duree = models.PositiveSmallIntegerField("durée d’un créneau (minutes)", default=30)
    capacite = models.PositiveSmallIntegerField("personnes par créneau", default=1)
    preavis_min = models.PositiveSmallIntegerField("au moins (jours ouvrés avant)", default=2)
    preavis_max = models.PositiveSmallIntegerField("au plus (jours avant)", default=60)
    active = models.BooleanField("ouverte à la réservation", default=True)
    publiee_jusqu_au = models.DateField("créneaux publiés jusqu’au", null=True, editable=False)

    table_privileges = {"partenaire": "SELECT"}
    register = ("Hours open to booking", "kept")

    class Meta:
        verbose_name = "plage de rendez-vous"
        verbose_name_plural = "plages de rendez-vous"
        ordering = ["du", "heure_debut", "id"]
        constraints = [
            models.CheckConstraint(
                name="plage_heures",
                condition=Q(heure_fin__gt=F("heure_debut")),
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                name="plage_dates",
                condition=Q(au__gte=F("du")),
                violation_error_message="Le dernier jour vient après le premier.",
            ),
            models.CheckConstraint(
                name="plage_places",
                condition=Q(capacite__gte=1, capacite__lte=20, duree__gte=5, duree__lte=240),
                violation_error_message="De 1 à 20 personnes, de 5 minutes à 4 heures.",
            ),
            models.UniqueConstraint(fields=["id", "caisse"], name="plage_locataire"),
            *agence_rules("plage"),
            RealmPolicy(
                name="plage",
                rules={"partenaire": {"select": OPEN_TO}, "caisse": "caisse_id = {tenant}"},
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_type_display()} {hour_in_words(self.heure_debut)} – {hour_in_words(self.heure_fin)}"
        )


class Creneau(models.Model):
    """One place of a slot: a slot for three people is three rows. Held by at most one date in force.

    The database holds that (`horaire_creneau_unique`); `pris` says it to those who may not read whose it is.
    """

    caisse = models.ForeignKey(Caisse, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, null=True, related_name="+", verbose_name="réservé à", db_index=False
    )
    plage = models.ForeignKey(PlageHoraire, models.PROTECT, related_name="creneaux", db_index=False)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    numero = models.PositiveSmallIntegerField("place", default=1)
    pris = models.BooleanField("pris", default=False)
    retire = models.BooleanField("retiré", default=False)

    table_privileges = {"partenaire": "SELECT, UPDATE"}
    register = ("Places open to booking", "kept")

    class Meta:
        verbose_name = "créneau"
        verbose_name_plural = "créneaux"
        ordering = ["debut", "numero", "id"]
        indexes = [
            models.Index(
                fields=["caisse", "debut"], name="creneau_libre", condition=Q(pris=False, retire=False)
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["plage", "debut", "numero"], name="creneau_unique"),
            models.CheckConstraint(name="creneau_fin", condition=Q(fin__gt=F("debut"))),
            models.UniqueConstraint(fields=["id", "caisse"], name="creneau_locataire"),
            TenantForeignKey(
                name="creneau_plage_locataire",
                columns=("plage_id", "caisse_id"),
                to="rendez_vous_plagehoraire",
                to_columns=("id", "caisse_id"),
            ),
            RealmPolicy(
                name="creneau",
                rules={
                    "partenaire": {"select": OPEN_TO, "update": OPEN_TO},
                    "caisse": "caisse_id = {tenant}",
                },
            ),
        ]

    def __str__(self) -> str:
        return f"{short_moment(self.debut)} ({self.numero})"
