from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The dates that wait for a structure are counted from one index."""

    atomic = False

    dependencies = [("rendez_vous", "0004_sans_agence_nommee")]

    operations = [
        AddIndexConcurrently(
            model_name="rendezvous",
            index=models.Index(
                fields=["partenaire"],
                include=("demande",),
                name="rdv_propose",
                condition=Q(statut="PROPOSE"),
            ),
        ),
    ]
