"""The index the digest reads: only the mails that wait for it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # CREATE INDEX CONCURRENTLY lets everybody work meanwhile

    dependencies = [("courriels", "0003_sans_controle_du_destinataire")]

    operations = [
        AddIndexConcurrently(
            model_name="courriel",
            index=models.Index(
                condition=models.Q(
                    ("abandonne_le__isnull", True), ("envoye_le__isnull", True), ("recapitulatif", True)
                ),
                fields=["destinataire", "a_envoyer_le"],
                name="courriel_recapitulatif",
            ),
        )
    ]
