from django.contrib.postgres.operations import AddConstraintNotValid
import django.contrib.postgres.fields
import django.db.models.deletion
import portal.tenancy.policies
from django.conf import settings
from django.db import migrations, models

from portal.indexes import Together


class Migration(migrations.Migration):
    """Documents the caisse gives, and the catalogue. One transaction: always a policy."""

    dependencies = [
        ('caisses', '0003_objets_et_ressources'),
        ('documents', '0002_pieces_a_leur_heure'),
        ('partners', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EntreeCatalogue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='code')),
                ('libelle', models.CharField(max_length=160, verbose_name='libellé')),
                ('aide', models.CharField(blank=True, max_length=300, verbose_name='aide')),
                ('ordre', models.PositiveSmallIntegerField(default=100, verbose_name='ordre')),
                ('valide_du', models.DateField(blank=True, null=True, verbose_name='valable du')),
                ('valide_au', models.DateField(blank=True, null=True, verbose_name="valable jusqu'au")),
                ('champs', models.JSONField(blank=True, default=list, verbose_name='champs supplémentaires')),
                ('alertes', models.JSONField(blank=True, default=list, verbose_name='alertes')),
                ('types_partenaires', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('CCAS', 'CCAS'), ('CIAS', 'CIAS'), ('ASSOCIATION', 'Association'), ('TUTELLE', 'Service de tutelle (MJPM)'), ('ASE', "Aide sociale à l'enfance"), ('SIAO', 'SIAO'), ('HEBERGEMENT', "Structure d'hébergement"), ('UNION', 'Union départementale'), ('AUTRE', 'Autre structure')], max_length=12), blank=True, default=list, size=None, verbose_name='types de structures autorisés')),
                ('modes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('PORTAIL', 'Par la structure, sur le portail'), ('COMPTE_AMELI', 'Dans le compte ameli de la personne'), ('COURRIER', "Par courrier, à l'adresse connue de la caisse"), ('AGENCE', "À l'accueil de la caisse")], max_length=12), size=None, verbose_name='modes de remise')),
                ('delai_jours', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='délai propre (jours ouvrés)')),
                ('modele', models.CharField(blank=True, choices=[('INFORMATION', "Lettre d'information"), ('DECLARATION_VITALE', 'Déclaration de perte, de vol ou de panne de carte Vitale')], max_length=20, verbose_name='document produit par le portail')),
                ('texte', models.TextField(blank=True, max_length=3000, verbose_name="texte de la lettre d'information")),
            ],
            options={
                'verbose_name': 'document du catalogue',
                'verbose_name_plural': 'catalogue des documents',
                'ordering': ['ordre', 'libelle', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='piece',
            name='piece',
        ),
        Together([
            migrations.AddField(
                model_name='piece',
                name='efface_le',
                field=models.DateTimeField(null=True, verbose_name='contenu effacé le'),
            ),
            migrations.AddField(
                model_name='piece',
                name='expire_le',
                field=models.DateTimeField(null=True, verbose_name="disponible jusqu'au"),
            ),
            migrations.AddField(
                model_name='piece',
                name='filigrane',
                field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='filigrane'),
            ),
            migrations.AlterField(
                model_name='piece',
                name='origine',
                field=models.CharField(choices=[('partenaire', 'Structure'), ('caisse', 'Caisse')], default='partenaire', max_length=10, verbose_name='origine'),
            ),
        ]),
        AddConstraintNotValid(
            model_name='piece',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('expire_le__isnull', True), ('origine', 'partenaire')), models.Q(('expire_le__isnull', False), ('origine', 'caisse')), _connector='OR'), name='piece_sortante_expire', violation_error_message='Un document remis par la caisse expire, et lui seul.'),
        ),
        migrations.AddConstraint(
            model_name='piece',
            constraint=portal.tenancy.policies.RealmPolicy(name='piece', rules={'caisse': {'delete': "caisse_id = {tenant} AND (origine = 'caisse' OR transmise_le IS NOT NULL)", 'insert': "caisse_id = {tenant} AND (origine = 'caisse' OR transmise_le IS NOT NULL)", 'select': "caisse_id = {tenant} AND (origine = 'caisse' OR (transmise_le - interval '5 seconds' <= statement_timestamp() OR transmise_le - interval '5 seconds' <= nullif(current_setting('app.now', true), '')::timestamptz))", 'update': "caisse_id = {tenant} AND (origine = 'caisse' OR transmise_le IS NOT NULL)"}, 'partenaire': "partenaire_id = {tenant} AND (origine <> 'caisse' OR (transmise_le <= statement_timestamp() OR transmise_le <= nullif(current_setting('app.now', true), '')::timestamptz))"}),
        ),
        migrations.AddField(
            model_name='entreecatalogue',
            name='caisse',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='caisses.caisse', verbose_name='propre à la caisse'),
        ),
        Together([
            migrations.AddConstraint(
                model_name='entreecatalogue',
                constraint=models.UniqueConstraint(fields=('code', 'caisse'), name='catalogue_unique', nulls_distinct=False, violation_error_message='Ce code existe déjà.'),
            ),
            migrations.AddConstraint(
                model_name='entreecatalogue',
                constraint=portal.tenancy.policies.RealmPolicy(name='catalogue', rules={'caisse': {'delete': 'caisse_id = {tenant}', 'insert': 'caisse_id = {tenant}', 'select': 'caisse_id = {tenant} OR caisse_id IS NULL', 'update': 'caisse_id = {tenant}'}, 'connexion': {'select': 'caisse_id IS NULL'}, 'national': 'true', 'partenaire': {'select': 'true'}}),
            ),
        ]),
    ]
