from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


TERMS = """
UPDATE partners_convention SET echeance = date_effet + make_interval(
    months => duree_mois * (1 + (extract(year FROM age(current_date, date_effet)) * 12
        + extract(month FROM age(current_date, date_effet)))::int / duree_mois)
)
WHERE etat IN ('ACTIVE', 'SUSPENDUE') AND duree_mois > 0 AND date_effet <= current_date
"""


class Migration(migrations.Migration):
    """What the sweeps of the conventions look for, without blocking anybody."""

    atomic = False
    dependencies = [("partners", "0002_vie_des_conventions")]

    operations = [
        migrations.RunSQL(TERMS, migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='convention',
            index=models.Index(condition=models.Q(('etat__in', ('ACTIVE', 'EN_DEMEURE', 'SUSPENDUE'))), fields=['echeance'], name='convention_echeance'),
        ),
        AddIndexConcurrently(
            model_name='convention',
            index=models.Index(condition=models.Q(('etat__in', ('ACTIVE', 'EN_DEMEURE', 'SUSPENDUE'))), fields=['date_fin'], name='convention_fin'),
        ),
    ]
