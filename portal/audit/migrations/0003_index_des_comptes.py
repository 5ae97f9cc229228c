"""What the portal does by itself has no account: those rows need no entry in the index of the accounts."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the journal is the largest table: its indexes are built and dropped while everybody works

    dependencies = [("audit", "0002_append_only")]

    operations = [
        AddIndexConcurrently(
            model_name="evenement",
            index=models.Index(
                condition=models.Q(("acteur_id__isnull", False)),
                fields=["acteur_id", "-le"],
                name="evenement_compte",
            ),
        ),
        RemoveIndexConcurrently(model_name="evenement", name="evenement_acteur"),
    ]
