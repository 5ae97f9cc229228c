from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What nobody took over is found without reading the demandes of the structure; nearly no row is in it."""

    atomic = False

    dependencies = [("signalements", "0008_suivi_par_la_structure")]

    operations = [
        AddIndexConcurrently(
            model_name="demande",
            index=models.Index(
                condition=models.Q(a_reprendre_le__isnull=False),
                fields=["partenaire"],
                name="demande_a_reprendre",
            ),
        ),
    ]
