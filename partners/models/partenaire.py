"""A partner structure."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from caisses.models import Caisse
from partners.enums import TypePartenaire
from portal.tenancy.policies import RealmPolicy
from portal.validators import validate_siret

QUOTAS_GESTIONNAIRES = ((10, 2), (25, 3))
QUOTA_MAXIMAL = 5


class PartenaireQuerySet(models.QuerySet["Partenaire"]):
    """Reads of the partners."""

    def of_caisse(self, caisse: Caisse) -> "PartenaireQuerySet":
        """The partners `caisse` follows: it declared them, or a convention links them."""
        return self.filter(Q(caisse_referente=caisse) | Q(pk__in=caisse.conventions.values("partenaire_id")))

    def visible_to(self, membership: Any) -> "PartenaireQuerySet":
        """One's own structure; those a caisse follows; all for the national administrator."""
        if membership is None:
            return self.none()
        if membership.partenaire_id is not None:
            return self.filter(pk=membership.partenaire_id)
        return self.all() if membership.caisse is None else self.of_caisse(membership.caisse)

    def with_gestionnaires(self) -> "PartenaireQuerySet":
        """With `gestionnaires_actifs`, how many active gestionnaires each has."""
        active = Q(roles__permission__codename="role_gestionnaire", roles__user__is_active=True)
        return self.annotate(gestionnaires_actifs=models.Count("roles", filter=active, distinct=True))

    def with_quota(self) -> "PartenaireQuerySet":
        """With `places`, how many gestionnaires each may have (art. 2.2.1), beside how many it has."""
        by_size = [
            models.When(nombre_membres__lte=most, then=models.Value(quota))
            for most, quota in QUOTAS_GESTIONNAIRES
        ]
        places = models.Case(
            *by_size, default=models.Value(QUOTA_MAXIMAL), output_field=models.IntegerField()
        )
        return self.with_gestionnaires().annotate(places=places)


class Partenaire(models.Model):
    """A structure (CCAS, association, tutelle…) that works with one or several caisses."""

    raison_sociale = models.CharField("raison sociale", max_length=160)
    type = models.CharField("type", max_length=12, choices=TypePartenaire.choices)
    siret = models.CharField("SIRET", max_length=14, validators=[validate_siret])
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    commune = models.CharField("commune", max_length=100)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    representant_civilite = models.CharField("civilité du représentant légal", max_length=3, blank=True)
    representant_nom = models.CharField("nom du représentant légal", max_length=160, blank=True)
    representant_qualite = models.CharField("qualité du représentant légal", max_length=120, blank=True)
    dpo_courriel = models.EmailField(
        "adresse électronique du délégué à la protection des données", blank=True
    )
    nombre_membres = models.PositiveIntegerField(
        "nombre de membres",
        validators=[MinValueValidator(1)],
        help_text="Fixe le nombre de gestionnaires (art. 2.2.1)\u00a0: 2 jusqu’à 10, 3 jusqu’à 25, 5 au-delà.",
    )
    domaines_autorises = ArrayField(
        models.CharField(max_length=120),
        verbose_name="domaines d’adresses électroniques autorisés",
        default=list,
        blank=True,
    )
    caisse_referente = models.ForeignKey(
        Caisse, models.PROTECT, related_name="+", verbose_name="caisse qui a déclaré la structure"
    )
    suspendu_le = models.DateTimeField("accès coupé le", null=True, blank=True)

    objects = PartenaireQuerySet.as_manager()
    table_privileges = {"connexion": "SELECT", "partenaire": "SELECT"}

    class Meta:
        verbose_name = "structure partenaire"
        verbose_name_plural = "structures partenaires"
        ordering = ["raison_sociale", "id"]
        permissions = [("role_gestionnaire", "Gestionnaire"), ("role_technicien", "Technicien")]
        constraints = [
            models.CheckConstraint(
                name="partenaire_membres",
                condition=Q(nombre_membres__gte=1),
                violation_error_message="Une structure compte au moins un membre.",
            ),
            models.UniqueConstraint(
                fields=["siret"],
                name="partenaire_siret_unique",
                violation_error_message="Une structure porte déjà ce SIRET.",
            ),
            RealmPolicy(
                name="partenaire",
                rules={
                    # The role of an account names its structure before any scope exists.
                    "connexion": {"select": "true"},
                    "partenaire": {"select": "id = {tenant}"},
                    "caisse": (
                        "caisse_referente_id = {tenant} OR EXISTS (SELECT 1 FROM partners_convention c "
                        "WHERE c.partenaire_id = {table}.id AND c.caisse_id = {tenant})"
                    ),
                    "national": "true",
                },
            ),
        ]

    def __str__(self) -> str:
        return self.raison_sociale

    @property
    def quota_gestionnaires(self) -> int:
        """How many active gestionnaires it may have (convention d'utilisation, art. 2.2.1)."""
        for members, quota in QUOTAS_GESTIONNAIRES:
            if self.nombre_membres <= members:
                return quota
        return QUOTA_MAXIMAL
