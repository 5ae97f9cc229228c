"""What the children of a demande share: their tenant is their parent's, and the database holds them to it."""

from django.db import models
from django.db.models import BaseConstraint

from caisses.models import Caisse
from partners.models import Partenaire
from portal.tenancy.policies import CAISSE, PARTENAIRE, RealmPolicy, Rule, TenantForeignKey

DEMANDE_COLUMNS = ("demande_id", "partenaire_id", "caisse_id")
TENANT_COLUMNS = ("id", "partenaire_id", "caisse_id")


class OfDemande(models.Model):
    """A row that belongs to a demande and carries its tenants.

    In the database one composite foreign key, of `tenant_constraints`, holds the demande and both tenants at once;
    these have none of their own (decision 0024).
    """

    # Reached through their demande: an index on the tenant alone costs each write and misleads the planner.
    caisse = models.ForeignKey(Caisse, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    partenaire = models.ForeignKey(
        Partenaire, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    table_privileges = {"connexion": ""}

    class Meta:
        abstract = True


def seen_through(table: str, column: str) -> str:
    """The rule of a row that a caisse sees when it sees what `column` points at, in `table`.

    A scalar subquery rather than EXISTS: the planner would answer that one by reading all the caisse has.
    """
    return f"caisse_id = {{tenant}} AND (SELECT true FROM {table} seen WHERE seen.id = {{table}}.{column})"  # noqa: S608


def tenant_constraints(
    name: str,
    *,
    partenaire: Rule | None = PARTENAIRE,
    caisse: Rule | None = CAISSE,
    primary: str = "demande_id",
) -> list[BaseConstraint]:
    """The policy of a child of a demande and the foreign key that ties it to its parent's tenant."""
    rules = {
        realm: rule for realm, rule in (("partenaire", partenaire), ("caisse", caisse)) if rule is not None
    }
    return [
        TenantForeignKey(
            name=f"{name}_locataire",
            columns=(primary, "partenaire_id", "caisse_id"),
            to="signalements_demande",
            to_columns=TENANT_COLUMNS,
        ),
        RealmPolicy(name=name, rules=rules),
    ]
