"""The memberships: one django-guardian row per account, on its Partenaire or its Caisse.

The quota of gestionnaires and « never zero » are held by triggers on these rows (see the migrations).
"""

from django.db import models
from guardian.models import UserObjectPermissionBase

from caisses.models import Caisse
from partners.models import Partenaire
from portal.tenancy.policies import RealmPolicy


class RolePartenaire(UserObjectPermissionBase):
    """The role of an account on a Partenaire: gestionnaire or technicien."""

    content_object = models.ForeignKey(
        Partenaire, models.CASCADE, related_name="roles", db_column="partenaire_id", verbose_name="structure"
    )

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "rôle dans une structure"
        verbose_name_plural = "rôles dans les structures"
        ordering = ["content_object", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                name="role_partenaire_unique",
                violation_error_message="Un compte porte un seul rôle, dans une seule structure.",
            ),
            RealmPolicy(
                name="role_partenaire",
                rules={
                    "connexion": {"select": "true"},
                    "partenaire": "partenaire_id = {tenant}",
                    "caisse": (
                        "EXISTS (SELECT 1 FROM partners_partenaire p WHERE p.id = {table}.partenaire_id)"
                    ),
                    "national": "true",
                },
            ),
        ]


class RoleCaisse(UserObjectPermissionBase):
    """The role of an account on a Caisse: agent, conseiller, superviseur or administrateur."""

    content_object = models.ForeignKey(
        Caisse, models.CASCADE, related_name="roles", db_column="caisse_id", verbose_name="caisse"
    )

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "rôle dans une caisse"
        verbose_name_plural = "rôles dans les caisses"
        ordering = ["content_object", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                name="role_caisse_unique",
                violation_error_message="Un compte porte un seul rôle, dans une seule caisse.",
            ),
            RealmPolicy(
                name="role_caisse",
                rules={
                    "connexion": {"select": "true"},
                    "caisse": "caisse_id = {tenant}",
                    "national": "true",
                },
            ),
        ]
