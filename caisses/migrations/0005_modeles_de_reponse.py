import django.contrib.postgres.fields
import django.db.models.deletion
import portal.free_text_fields
import portal.tenancy.policies
from django.db import migrations, models


class Migration(migrations.Migration):
    """Reply templates and how often each is used."""

    dependencies = [
        ('caisses', '0004_agences'),
    ]

    operations = [
        migrations.CreateModel(
            name='ModeleReponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(blank=True, max_length=40, verbose_name='code')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('moment', models.CharField(choices=[('COMPLEMENT', 'Demande de complément'), ('DECISION', 'Décision'), ('MESSAGE', 'Message à la structure')], max_length=10, verbose_name='moment')),
                ('fonctions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('CONTACT', 'Contacter ma caisse'), ('DOSSIER', 'Transmettre un dossier (CSS, AME)'), ('SAISINE', "Signaler une difficulté d'accès aux droits ou aux soins"), ('RENDEZ_VOUS', 'Demander un rendez-vous pour un assuré'), ('DOCUMENT', 'Demander un document'), ('HISTORIQUE', 'Historique des demandes')], max_length=16), blank=True, default=list, size=None, verbose_name='services')),
                ('texte', portal.free_text_fields.TexteLibreModelField(max_length=1000, verbose_name='texte')),
                ('actif', models.BooleanField(default=True, verbose_name='actif')),
                ('modifie_le', models.DateTimeField(null=True, verbose_name='modifié le')),
                ('caisse', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='caisses.caisse', verbose_name='propre à la caisse')),
            ],
            options={
                'verbose_name': 'modèle de réponse',
                'verbose_name_plural': 'modèles de réponse',
                'ordering': ['moment', 'nom', 'id'],
            },
        ),
        migrations.CreateModel(
            name='UsageModele',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nombre', models.PositiveIntegerField(default=0, verbose_name='nombre')),
                ('caisse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='caisses.caisse')),
                ('modele', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='usages', to='caisses.modelereponse')),
            ],
            options={
                'verbose_name': "usage d'un modèle",
                'verbose_name_plural': 'usages des modèles',
            },
        ),
        migrations.AddConstraint(
            model_name='modelereponse',
            constraint=models.UniqueConstraint(fields=('caisse', 'moment', 'nom'), name='modele_unique', nulls_distinct=False, violation_error_message='Un modèle porte déjà ce nom pour ce moment.'),
        ),
        migrations.AddConstraint(
            model_name='modelereponse',
            constraint=portal.tenancy.policies.RealmPolicy(name='modele_reponse', rules={'caisse': {'delete': 'caisse_id = {tenant}', 'insert': 'caisse_id = {tenant}', 'select': 'caisse_id = {tenant} OR caisse_id IS NULL', 'update': 'caisse_id = {tenant}'}, 'national': 'true'}),
        ),
        migrations.AddConstraint(
            model_name='usagemodele',
            constraint=models.UniqueConstraint(fields=('modele', 'caisse'), name='usage_modele_unique'),
        ),
        migrations.AddConstraint(
            model_name='usagemodele',
            constraint=portal.tenancy.policies.RealmPolicy(name='usage_modele', rules={'caisse': 'caisse_id = {tenant}', 'national': 'true'}),
        ),
    ]
