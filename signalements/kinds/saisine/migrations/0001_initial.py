import django.contrib.postgres.fields
import django.db.models.deletion
import portal.free_text_fields
import portal.tenancy.policies
from django.db import migrations, models



class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('caisses', '0001_initial'),
        ('partners', '0001_initial'),
        ('signalements', '0011_les_genres_sont_des_apps'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.CreateModel(
                name='Saisine',
                fields=[
                    ('demande', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='saisine', serialize=False, to='signalements.demande')),
                    ('difficultes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='difficultés')),
                    ('types_soins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='types de soins')),
                    ('causes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='causes')),
                    ('demarches_faites', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='démarches déjà faites')),
                    ('canal_prefere', models.CharField(choices=[('TELEPHONE', 'Par téléphone'), ('RENDEZ_VOUS', 'En rendez-vous'), ('PARTENAIRE', "Par l'intermédiaire de la structure")], max_length=12, verbose_name='contact préféré')),
                    ('plages_rappel', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('LUN_MATIN', 'Lundi matin'), ('LUN_APRES', 'Lundi après-midi'), ('MAR_MATIN', 'Mardi matin'), ('MAR_APRES', 'Mardi après-midi'), ('MER_MATIN', 'Mercredi matin'), ('MER_APRES', 'Mercredi après-midi'), ('JEU_MATIN', 'Jeudi matin'), ('JEU_APRES', 'Jeudi après-midi'), ('VEN_MATIN', 'Vendredi matin'), ('VEN_APRES', 'Vendredi après-midi')], max_length=10), blank=True, default=list, size=None, verbose_name='plages de rappel')),
                    ('langue_interprete', models.CharField(blank=True, max_length=40, verbose_name='interprète souhaité en')),
                    ('hebergement', models.CharField(blank=True, choices=[('STABLE', 'Domicile stable'), ('HEBERGE', 'Hébergement (structure, hôtel, proches)'), ('SANS', 'Sans domicile stable')], max_length=8, verbose_name='logement')),
                    ('droits_base', models.CharField(choices=[('OUI', 'Oui'), ('NON', 'Non'), ('INCONNU', 'Je ne sais pas')], max_length=8, verbose_name='droits de base ouverts')),
                    ('complementaire', models.CharField(choices=[('CSS', 'Complémentaire santé solidaire'), ('MUTUELLE', 'Mutuelle ou assurance'), ('AUCUNE', 'Aucune'), ('INCONNU', 'Je ne sais pas')], max_length=8, verbose_name='complémentaire')),
                    ('medecin_traitant', models.CharField(choices=[('OUI', 'Oui'), ('NON', 'Non'), ('INCONNU', 'Je ne sais pas')], max_length=8, verbose_name='médecin traitant déclaré')),
                    ('description', portal.free_text_fields.TexteLibreModelField(blank=True, max_length=1000, verbose_name='description factuelle')),
                    ('caisse', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse')),
                    ('partenaire', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire')),
                ],
                options={
                    'verbose_name': 'saisine',
                    'verbose_name_plural': 'saisines',
                    'db_table': 'signalements_saisine',
                    'constraints': [models.CheckConstraint(condition=models.Q(('difficultes', []), _negated=True), name='saisine_difficulte', violation_error_message='Une saisine porte au moins une difficulté.'), portal.tenancy.policies.TenantForeignKey(columns=('demande_id', 'partenaire_id', 'caisse_id'), name='saisine_locataire', to='signalements_demande', to_columns=('id', 'partenaire_id', 'caisse_id')), portal.tenancy.policies.RealmPolicy(name='saisine', rules={'caisse': 'caisse_id = {tenant} AND EXISTS (SELECT 1 FROM signalements_demande d WHERE d.id = {table}.demande_id)', 'partenaire': 'partenaire_id = {tenant}'})],
                },
            ),
        ]),
    ]
