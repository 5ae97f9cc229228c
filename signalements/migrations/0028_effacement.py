from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The day the personal data of a closed demande were erased, and the index that finds those whose time is over."""

    atomic = False

    dependencies = [("signalements", "0027_apostrophes_des_libelles")]

    operations = [
        migrations.AddField(
            model_name="demande",
            name="effacee_le",
            field=models.DateTimeField(null=True, verbose_name="données personnelles effacées le"),
        ),
        AddIndexConcurrently(
            model_name="demande",
            index=models.Index(
                fields=["modifiee_le", "id"],
                name="demande_a_effacer",
                condition=Q(statut__in=["ANNULEE", "TRAITEE"], effacee_le__isnull=True),
            ),
        ),
    ]
