"""Indexes of foreign keys nobody reads: accounts are never deleted, a convention with demandes neither.

The one of the agent keeps the rows that have one.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from portal.indexes import AlterFieldIndex, Together


class Migration(migrations.Migration):
    atomic = False  # indexes are built and dropped while everybody works

    dependencies = [
        ('caisses', '0001_initial'),
        ('documents', '0001_initial'),
        ('partners', '0001_initial'),
        ('signalements', '0003_sans_index_redondants'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='demande',
            index=models.Index(condition=models.Q(('assignee_a__isnull', False)), fields=['assignee_a'], name='demande_attribuee'),
        ),
        Together([
        AlterFieldIndex(
            model_name='complement',
            name='demande_par',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AlterFieldIndex(
            model_name='complement',
            name='repondu_par',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AlterFieldIndex(
            model_name='demande',
            name='assignee_a',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='attribuée à'),
        ),
        AlterFieldIndex(
            model_name='demande',
            name='auteur',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='technicien'),
        ),
        AlterFieldIndex(
            model_name='passage',
            name='acteur',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        AlterFieldIndex(
            model_name='demande',
            name='convention',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.convention', verbose_name='convention'),
        ),
        ])
    ]
