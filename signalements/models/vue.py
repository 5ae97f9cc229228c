"""Views of the queue that people keep: a name for a tab and its filters."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from caisses.models import Caisse, Equipe
from portal.free_text_fields import TexteLibreModelField
from portal.tenancy.policies import CAISSE, RealmPolicy, TenantForeignKey


class VueEnregistree(models.Model):
    """A kept view: somebody's own, or that of the whole caisse or of one team when nobody owns it.

    `filtres` holds the values of the filters as the address does: ids and codes. What they name may be gone when
    the view is opened; it is then left out, and said.
    """

    caisse = models.ForeignKey(Caisse, models.CASCADE, related_name="+", verbose_name="caisse")
    proprietaire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name="propriétaire",
        db_index=False,
    )
    equipe = models.ForeignKey(
        Equipe,
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name="équipe",
        db_constraint=False,
        db_index=False,
    )
    cle = models.UUIDField("clé d’envoi", default=uuid.uuid4)
    nom = TexteLibreModelField("nom", max_length=60)
    onglet = models.CharField("onglet", max_length=20)
    filtres = models.JSONField("filtres", default=dict)
    cree_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="créée par",
        db_index=False,
    )
    cree_le = models.DateTimeField("créée le")

    table_privileges = {"connexion": "", "partenaire": "", "national": ""}

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["nom", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["caisse", "proprietaire", "nom"], name="vue_unique", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["caisse", "cle"], name="vue_cle_unique"),
            models.CheckConstraint(
                name="vue_d_equipe", condition=Q(proprietaire__isnull=True) | Q(equipe__isnull=True)
            ),
            TenantForeignKey(
                name="vue_equipe_locataire",
                columns=("equipe_id", "caisse_id"),
                to="caisses_equipe",
                to_columns=("id", "caisse_id"),
            ),
            RealmPolicy(name="vue_enregistree", rules={"caisse": CAISSE}),
        ]

    def __str__(self) -> str:
        return self.nom
