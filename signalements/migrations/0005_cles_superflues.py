"""The foreign keys the composite ones already hold cost every write (decision 0024).

Nothing is rewritten: constraints are dropped, one is renamed. The locks are short, and given up rather than waited
for behind a long transaction: run it again.
"""

import django.db.models.deletion
from django.db import migrations, models

from portal.indexes import Together

REFERENCE = """
ALTER TABLE signalements_demande RENAME CONSTRAINT signalements_demande_reference_key TO demande_reference_unique;
DROP INDEX signalements_demande_reference_a74af792_like;
"""
REFERENCE_BACK = """
ALTER TABLE signalements_demande RENAME CONSTRAINT demande_reference_unique TO signalements_demande_reference_key;
CREATE INDEX signalements_demande_reference_a74af792_like
    ON signalements_demande (reference varchar_pattern_ops);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("caisses", "0001_initial"),
        ("documents", "0001_initial"),
        ("partners", "0001_initial"),
        ("signalements", "0004_index_sans_lecteur"),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(REFERENCE, REFERENCE_BACK)],
            state_operations=[
                migrations.AlterField(
                    model_name='demande',
                    name='reference',
                    field=models.CharField(max_length=24, verbose_name='référence'),
                ),
                migrations.AddConstraint(
                    model_name='demande',
                    constraint=models.UniqueConstraint(fields=('reference',), name='demande_reference_unique'),
                ),
            ],
        ),
        Together([
        migrations.AlterField(
            model_name='brouillon',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='brouillon',
            name='demande',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='brouillon', serialize=False, to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='brouillon',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AlterField(
            model_name='complement',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='complement',
            name='demande',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='complements', to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='complement',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='demande',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AlterField(
            model_name='demande',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='caisses.caisse', verbose_name='caisse'),
        ),
        migrations.AlterField(
            model_name='demande',
            name='convention',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.convention', verbose_name='convention'),
        ),
        migrations.AlterField(
            model_name='demande',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='partners.partenaire', verbose_name='structure'),
        ),
        migrations.AlterField(
            model_name='elementcomplement',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='elementcomplement',
            name='complement',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='elements', to='signalements.complement'),
        ),
        migrations.AlterField(
            model_name='elementcomplement',
            name='demande',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='elementcomplement',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AlterField(
            model_name='message',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='message',
            name='demande',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='message',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AlterField(
            model_name='noteinterne',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='noteinterne',
            name='demande',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='noteinterne',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AlterField(
            model_name='passage',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='passage',
            name='demande',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='passage',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AlterField(
            model_name='personne',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='personne',
            name='demande',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='personne', serialize=False, to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='personne',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AlterField(
            model_name='piecejointe',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='piecejointe',
            name='demande',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='pieces_jointes', to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='piecejointe',
            name='element',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pieces_jointes', to='signalements.elementcomplement'),
        ),
        migrations.AlterField(
            model_name='piecejointe',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AlterField(
            model_name='piecejointe',
            name='piece',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='jointe', to='documents.piece'),
        ),
        migrations.AlterField(
            model_name='saisine',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AlterField(
            model_name='saisine',
            name='demande',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='saisine', serialize=False, to='signalements.demande'),
        ),
        migrations.AlterField(
            model_name='saisine',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        ])
    ]
