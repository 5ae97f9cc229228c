import django.contrib.postgres.fields
import django.db.models.deletion
import portal.tenancy.policies
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Teams of the caisses, and their referent of urgencies."""

    dependencies = [
        ('caisses', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='caisse',
            name='referent_urgences',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Reçoit les demandes urgentes. Sans référent, c’est l’équipe.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='référent des urgences'),
        ),
        migrations.CreateModel(
            name='Equipe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=80, verbose_name='nom')),
                ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                ('fonctions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('CONTACT', 'Contacter ma caisse'), ('DOSSIER', 'Transmettre un dossier (CSS, AME)'), ('SAISINE', "Signaler une difficulté d'accès aux droits ou aux soins"), ('RENDEZ_VOUS', 'Demander un rendez-vous pour un assuré'), ('DOCUMENT', 'Demander un document'), ('HISTORIQUE', 'Historique des demandes')], max_length=16), blank=True, default=list, size=None, verbose_name='fonctions traitées')),
                ('ordre', models.PositiveSmallIntegerField(default=100, verbose_name='ordre')),
                ('active', models.BooleanField(default=True, verbose_name='active')),
                ('caisse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='equipes', to='caisses.caisse', verbose_name='caisse')),
            ],
            options={
                'verbose_name': 'équipe',
                'verbose_name_plural': 'équipes',
                'ordering': ['ordre', 'nom', 'id'],
                'constraints': [models.UniqueConstraint(fields=('caisse', 'nom'), name='equipe_unique', violation_error_message='Une équipe porte déjà ce nom.'), models.UniqueConstraint(fields=('id', 'caisse'), name='equipe_locataire'), portal.tenancy.policies.RealmPolicy(name='equipe', rules={'caisse': 'caisse_id = {tenant}', 'national': 'true', 'partenaire': {'select': 'true'}})],
            },
        ),
    ]
