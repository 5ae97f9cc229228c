"""The index of every recipient and the one for LIKE on the key: nothing reads them, each mail paid for them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEY = """
ALTER TABLE courriels_courriel RENAME CONSTRAINT courriels_courriel_cle_key TO courriel_cle_unique;
DROP INDEX courriels_courriel_cle_f0700262_like;
"""
KEY_BACK = """
ALTER TABLE courriels_courriel RENAME CONSTRAINT courriel_cle_unique TO courriels_courriel_cle_key;
CREATE INDEX courriels_courriel_cle_f0700262_like ON courriels_courriel (cle varchar_pattern_ops);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courriels", "0004_index_du_recapitulatif"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEY, KEY_BACK)],
            state_operations=[
                migrations.AlterField(
                    model_name="courriel",
                    name="cle",
                    field=models.CharField(max_length=160, verbose_name="clé"),
                ),
                migrations.AddConstraint(
                    model_name="courriel",
                    constraint=models.UniqueConstraint(fields=("cle",), name="courriel_cle_unique"),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="courriel",
            name="destinataire",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="destinataire",
            ),
        ),
    ]
