import portal.tenancy.policies
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A sending that can be undone: the caisse sees it from `envoyee_le` on. One transaction: always a policy."""

    dependencies = [
        ('caisses', '0001_initial'),
        ('partners', '0001_initial'),
        ('signalements', '0013_passages_par_mois'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='demande',
            name='demande',
        ),
        migrations.AddField(
            model_name='brouillon',
            name='a_effacer_le',
            field=models.DateTimeField(null=True, verbose_name='à effacer le'),
        ),
        migrations.AddIndex(
            model_name='brouillon',
            index=models.Index(condition=models.Q(('a_effacer_le__isnull', False)), fields=['a_effacer_le'], name='brouillon_a_effacer'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=portal.tenancy.policies.RealmPolicy(name='demande', rules={'caisse': "caisse_id = {tenant} AND (envoyee_le <= statement_timestamp() OR envoyee_le <= nullif(current_setting('app.now', true), '')::timestamptz)", 'partenaire': 'partenaire_id = {tenant}'}),
        ),
    ]
