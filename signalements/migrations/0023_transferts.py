import django.db.models.deletion
import portal.tenancy.policies
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Demandes passed on from a caisse to another."""

    dependencies = [
        ('caisses', '0006_liste_remise'),
        ('partners', '0001_initial'),
        ('signalements', '0022_completude'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Transfert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField(verbose_name='le')),
                ('caisse_cible', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse')),
                ('caisse_source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse')),
                ('cible', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='transfert_recu', to='signalements.demande')),
                ('par', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partenaire', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire')),
                ('source', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='transferts', to='signalements.demande')),
            ],
            options={
                'verbose_name': 'transfert',
                'verbose_name_plural': 'transferts',
                'constraints': [portal.tenancy.policies.TenantForeignKey(columns=('source_id', 'partenaire_id', 'caisse_source_id'), name='transfert_source_locataire', to='signalements_demande', to_columns=('id', 'partenaire_id', 'caisse_id')), portal.tenancy.policies.TenantForeignKey(columns=('cible_id', 'partenaire_id', 'caisse_cible_id'), name='transfert_cible_locataire', to='signalements_demande', to_columns=('id', 'partenaire_id', 'caisse_id')), portal.tenancy.policies.RealmPolicy(name='transfert', rules={'caisse': 'caisse_source_id = {tenant} OR caisse_cible_id = {tenant}', 'partenaire': 'partenaire_id = {tenant}'})],
            },
        ),
    ]
