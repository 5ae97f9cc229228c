import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.indexes import Together

import portal.tenancy.policies


class Migration(migrations.Migration):
    """Who follows a demande in the structure, what its technicien left behind, and the relances of the caisse."""

    dependencies = [
        ("caisses", "0001_initial"),
        ("partners", "0001_initial"),
        ("signalements", "0007_regles_sans_exists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Suiveur",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depuis", models.DateTimeField(verbose_name="suit depuis")),
                (
                    "ajoute_par",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ajouté par",
                    ),
                ),
                (
                    "caisse",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="caisses.caisse",
                    ),
                ),
                (
                    "compte",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="technicien",
                    ),
                ),
                (
                    "demande",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suiveurs",
                        to="signalements.demande",
                    ),
                ),
                (
                    "partenaire",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.partenaire",
                    ),
                ),
            ],
            options={
                "verbose_name": "suivi d'une demande",
                "verbose_name_plural": "suivis des demandes",
                "ordering": ["depuis", "id"],
            },
        ),
        Together([
            migrations.AddField(
                model_name="demande",
                name="a_reprendre_le",
                field=models.DateTimeField(null=True, verbose_name="laissée par son technicien le"),
            ),
            migrations.AddField(
                model_name="message",
                name="relance",
                field=models.BooleanField(db_default=False, default=False, verbose_name="relance de la caisse"),
            ),
        ]),
        Together([
            migrations.AddConstraint(
                model_name="suiveur",
                constraint=models.UniqueConstraint(fields=("demande", "compte"), name="suiveur_unique"),
            ),
            migrations.AddConstraint(
                model_name="suiveur",
                constraint=portal.tenancy.policies.TenantForeignKey(
                    columns=("demande_id", "partenaire_id", "caisse_id"),
                    name="suiveur_locataire",
                    to="signalements_demande",
                    to_columns=("id", "partenaire_id", "caisse_id"),
                ),
            ),
            migrations.AddConstraint(
                model_name="suiveur",
                constraint=portal.tenancy.policies.RealmPolicy(
                    name="suiveur",
                    rules={"caisse": {"select": "caisse_id = {tenant}"}, "partenaire": "partenaire_id = {tenant}"},
                ),
            ),
        ]),
    ]
