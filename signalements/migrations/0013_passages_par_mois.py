from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """What happened in a month is found without reading what happened before."""

    atomic = False

    dependencies = [("signalements", "0012_statistiques")]

    operations = [
        AddIndexConcurrently(
            model_name="passage", index=BrinIndex(fields=["le"], name="passage_le", pages_per_range=32)
        ),
    ]
