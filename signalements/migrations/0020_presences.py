import django.db.models.deletion
import portal.tenancy.policies
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who of the caisse has a demande open."""

    dependencies = [
        ('caisses', '0005_modeles_de_reponse'),
        ('partners', '0001_initial'),
        ('signalements', '0019_charge_comptee_dans_l_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(verbose_name='vue le')),
                ('agent', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('caisse', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse')),
                ('demande', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='signalements.demande')),
                ('partenaire', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire')),
            ],
            options={
                'verbose_name': 'présence',
                'verbose_name_plural': 'présences',
                'indexes': [models.Index(fields=['le'], name='presence_ancienne')],
                'constraints': [models.UniqueConstraint(fields=('demande', 'agent'), name='presence_unique'), portal.tenancy.policies.TenantForeignKey(columns=('demande_id', 'partenaire_id', 'caisse_id'), name='presence_locataire', to='signalements_demande', to_columns=('id', 'partenaire_id', 'caisse_id')), portal.tenancy.policies.RealmPolicy(name='presence', rules={'caisse': 'caisse_id = {tenant}'})],
            },
        ),
    ]
