import django.db.models.deletion
import django.db.models.functions.text
import portal.free_text_fields
import portal.identifiers
import portal.tenancy.policies
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.indexes import Together


class Migration(migrations.Migration):
    """Labels, kept views of the queue, and acts on many demandes at once."""

    dependencies = [
        ('caisses', '0002_equipes'),
        ('partners', '0001_initial'),
        ('signalements', '0016_versions_des_etapes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Etiquette',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('nom', portal.free_text_fields.TexteLibreModelField(max_length=30, verbose_name='nom')),
                    ('ton', models.CharField(choices=[('ardoise', 'Ardoise'), ('bleu', 'Bleu'), ('vert', 'Vert'), ('ocre', 'Ocre'), ('prune', 'Prune'), ('brique', 'Brique')], default='ardoise', max_length=8, verbose_name='couleur')),
                    ('retiree_le', models.DateTimeField(null=True, verbose_name='retirée de la palette le')),
                ],
                options={
                    'verbose_name': 'étiquette',
                    'verbose_name_plural': 'étiquettes',
                    'ordering': ['nom', 'id'],
                },
            ),
            migrations.CreateModel(
                name='LigneLot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(verbose_name='version choisie')),
                    ('etat', models.CharField(choices=[('A_FAIRE', 'À faire'), ('FAITE', 'Traitée'), ('ECHEC', 'En échec')], default='A_FAIRE', max_length=8, verbose_name='état')),
                    ('raison', models.CharField(blank=True, max_length=300, verbose_name="raison de l'échec")),
                ],
                options={
                    'verbose_name': "ligne d'un traitement par lot",
                    'verbose_name_plural': 'lignes des traitements par lot',
                    'ordering': ['lot', 'id'],
                },
            ),
            migrations.CreateModel(
                name='Lot',
                fields=[
                    ('id', models.UUIDField(default=portal.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('cle', models.UUIDField(default=uuid.uuid4, verbose_name="clé d'envoi")),
                    ('acte', models.CharField(choices=[('prendre', 'Prendre en charge'), ('rendre', 'Rendre à la file'), ('attribuer', 'Attribuer'), ('poser', 'Poser une étiquette'), ('retirer', 'Retirer une étiquette')], max_length=12, verbose_name='acte')),
                    ('cible', models.BigIntegerField(null=True, verbose_name='cible')),
                    ('total', models.PositiveIntegerField(verbose_name='nombre de demandes')),
                    ('cree_le', models.DateTimeField(verbose_name='demandé le')),
                    ('essai_le', models.DateTimeField(null=True, verbose_name='repris le')),
                    ('fini_le', models.DateTimeField(null=True, verbose_name='terminé le')),
                ],
                options={
                    'verbose_name': 'traitement par lot',
                    'verbose_name_plural': 'traitements par lot',
                    'ordering': ['-cree_le', '-id'],
                },
            ),
            migrations.CreateModel(
                name='PoseEtiquette',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('posee_le', models.DateTimeField(verbose_name='posée le')),
                ],
                options={
                    'verbose_name': "étiquette d'une demande",
                    'verbose_name_plural': 'étiquettes des demandes',
                    'ordering': ['demande', 'etiquette'],
                },
            ),
            migrations.CreateModel(
                name='VueEnregistree',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('cle', models.UUIDField(default=uuid.uuid4, verbose_name="clé d'envoi")),
                    ('nom', portal.free_text_fields.TexteLibreModelField(max_length=60, verbose_name='nom')),
                    ('onglet', models.CharField(max_length=20, verbose_name='onglet')),
                    ('filtres', models.JSONField(default=dict, verbose_name='filtres')),
                    ('cree_le', models.DateTimeField(verbose_name='créée le')),
                ],
                options={
                    'verbose_name': 'vue enregistrée',
                    'verbose_name_plural': 'vues enregistrées',
                    'ordering': ['nom', 'id'],
                },
            ),
        ]),
        Together([
        migrations.AddField(
            model_name='etiquette',
            name='caisse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='etiquettes', to='caisses.caisse', verbose_name='caisse'),
        ),
        migrations.AddField(
            model_name='lignelot',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AddField(
            model_name='lignelot',
            name='demande',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='signalements.demande'),
        ),
        migrations.AddField(
            model_name='lignelot',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AddField(
            model_name='lot',
            name='auteur',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='demandé par'),
        ),
        migrations.AddField(
            model_name='lot',
            name='caisse',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='caisses.caisse', verbose_name='caisse'),
        ),
        migrations.AddField(
            model_name='lignelot',
            name='lot',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lignes', to='signalements.lot'),
        ),
        migrations.AddField(
            model_name='poseetiquette',
            name='caisse',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
        ),
        migrations.AddField(
            model_name='poseetiquette',
            name='demande',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='poses', to='signalements.demande'),
        ),
        migrations.AddField(
            model_name='poseetiquette',
            name='etiquette',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='poses', to='signalements.etiquette', verbose_name='étiquette'),
        ),
        migrations.AddField(
            model_name='poseetiquette',
            name='partenaire',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
        ),
        migrations.AddField(
            model_name='poseetiquette',
            name='posee_par',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='posée par'),
        ),
        migrations.AddField(
            model_name='vueenregistree',
            name='caisse',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='caisses.caisse', verbose_name='caisse'),
        ),
        migrations.AddField(
            model_name='vueenregistree',
            name='cree_par',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='créée par'),
        ),
        migrations.AddField(
            model_name='vueenregistree',
            name='equipe',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='caisses.equipe', verbose_name='équipe'),
        ),
        migrations.AddField(
            model_name='vueenregistree',
            name='proprietaire',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='propriétaire'),
        ),
        ]),
        Together([
        migrations.AddConstraint(
            model_name='etiquette',
            constraint=models.UniqueConstraint(models.F('caisse'), django.db.models.functions.text.Lower('nom'), condition=models.Q(('retiree_le__isnull', True)), name='etiquette_unique', violation_error_message='Une étiquette porte déjà ce nom.'),
        ),
        migrations.AddConstraint(
            model_name='etiquette',
            constraint=models.UniqueConstraint(fields=('id', 'caisse'), name='etiquette_locataire'),
        ),
        migrations.AddConstraint(
            model_name='etiquette',
            constraint=portal.tenancy.policies.RealmPolicy(name='etiquette', rules={'caisse': 'caisse_id = {tenant}'}),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(condition=models.Q(('fini_le__isnull', True)), fields=['cree_le'], name='lot_a_faire'),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(condition=models.Q(('fini_le__isnull', False)), fields=['fini_le'], name='lot_fini'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(fields=('caisse', 'cle'), name='lot_cle_unique'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(fields=('id', 'caisse'), name='lot_locataire'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=portal.tenancy.policies.RealmPolicy(name='lot', rules={'caisse': 'caisse_id = {tenant}'}),
        ),
        migrations.AddIndex(
            model_name='lignelot',
            index=models.Index(fields=['lot', 'etat', 'id'], name='ligne_lot_etat'),
        ),
        migrations.AddConstraint(
            model_name='lignelot',
            constraint=models.UniqueConstraint(fields=('lot', 'demande'), name='ligne_lot_unique'),
        ),
        migrations.AddConstraint(
            model_name='lignelot',
            constraint=portal.tenancy.policies.TenantForeignKey(columns=('demande_id', 'partenaire_id', 'caisse_id'), name='ligne_lot_locataire', to='signalements_demande', to_columns=('id', 'partenaire_id', 'caisse_id')),
        ),
        migrations.AddConstraint(
            model_name='lignelot',
            constraint=portal.tenancy.policies.RealmPolicy(name='ligne_lot', rules={'caisse': 'caisse_id = {tenant}'}),
        ),
        migrations.AddConstraint(
            model_name='lignelot',
            constraint=portal.tenancy.policies.TenantForeignKey(columns=('lot_id', 'caisse_id'), name='ligne_lot_du_lot', to='signalements_lot', to_columns=('id', 'caisse_id')),
        ),
        migrations.AddIndex(
            model_name='poseetiquette',
            index=models.Index(fields=['etiquette', 'demande'], name='pose_etiquette'),
        ),
        migrations.AddConstraint(
            model_name='poseetiquette',
            constraint=models.UniqueConstraint(fields=('demande', 'etiquette'), name='pose_unique'),
        ),
        migrations.AddConstraint(
            model_name='poseetiquette',
            constraint=portal.tenancy.policies.TenantForeignKey(columns=('demande_id', 'partenaire_id', 'caisse_id'), name='pose_locataire', to='signalements_demande', to_columns=('id', 'partenaire_id', 'caisse_id')),
        ),
        migrations.AddConstraint(
            model_name='poseetiquette',
            constraint=portal.tenancy.policies.RealmPolicy(name='pose', rules={'caisse': 'caisse_id = {tenant}'}),
        ),
        migrations.AddConstraint(
            model_name='poseetiquette',
            constraint=portal.tenancy.policies.TenantForeignKey(columns=('etiquette_id', 'caisse_id'), name='pose_etiquette_locataire', to='signalements_etiquette', to_columns=('id', 'caisse_id')),
        ),
        migrations.AddConstraint(
            model_name='vueenregistree',
            constraint=models.UniqueConstraint(fields=('caisse', 'proprietaire', 'nom'), name='vue_unique', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='vueenregistree',
            constraint=models.UniqueConstraint(fields=('caisse', 'cle'), name='vue_cle_unique'),
        ),
        migrations.AddConstraint(
            model_name='vueenregistree',
            constraint=models.CheckConstraint(condition=models.Q(('proprietaire__isnull', True), ('equipe__isnull', True), _connector='OR'), name='vue_d_equipe'),
        ),
        migrations.AddConstraint(
            model_name='vueenregistree',
            constraint=portal.tenancy.policies.TenantForeignKey(columns=('equipe_id', 'caisse_id'), name='vue_equipe_locataire', to='caisses_equipe', to_columns=('id', 'caisse_id')),
        ),
        migrations.AddConstraint(
            model_name='vueenregistree',
            constraint=portal.tenancy.policies.RealmPolicy(name='vue_enregistree', rules={'caisse': 'caisse_id = {tenant}'}),
        ),
        ]),
    ]
