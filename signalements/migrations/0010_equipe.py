import django.db.models.deletion
from django.db import migrations, models

from portal.indexes import AddTenantForeignKey
from portal.tenancy.policies import TenantForeignKey


class Migration(migrations.Migration):
    """A demande belongs to a team of its caisse. Not atomic: the key is checked without blocking anybody."""

    atomic = False

    dependencies = [("caisses", "0002_equipes"), ("signalements", "0009_index_a_reprendre")]

    operations = [
        migrations.AddField(
            model_name="demande",
            name="equipe",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="caisses.equipe",
                verbose_name="équipe",
            ),
        ),
        AddTenantForeignKey(
            model_name="demande",
            constraint=TenantForeignKey(
                name="demande_equipe_locataire",
                columns=("equipe_id", "caisse_id"),
                to="caisses_equipe",
                to_columns=("id", "caisse_id"),
            ),
        ),
    ]
