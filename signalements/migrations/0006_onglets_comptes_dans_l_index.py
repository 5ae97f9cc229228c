from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The tabs of a structure are counted from one index, without reading its demandes."""

    atomic = False

    dependencies = [("signalements", "0005_cles_superflues")]

    operations = [
        AddIndexConcurrently(
            model_name="demande",
            index=models.Index(
                fields=["partenaire", "statut", "-modifiee_le", "-id"],
                include=("caisse",),
                name="demande_partenaire_onglets",
            ),
        ),
        RemoveIndexConcurrently(model_name="demande", name="demande_partenaire_statut"),
    ]
