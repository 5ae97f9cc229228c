import django.db.models.deletion
import portal.tenancy.policies
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.indexes import Together


class Migration(migrations.Migration):
    """Models and texts of conventions, changes of référents, avenants with their signatures: small tables."""

    dependencies = [
        ('caisses', '0007_listes_des_dossiers'),
        ('partners', '0003_echeances'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='ChangementReferent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('nature', models.CharField(choices=[('REMPLACEMENT', 'Remplacer un référent, ou corriger ses coordonnées'), ('AJOUT', 'Ajouter un référent'), ('RETRAIT', 'Retirer un référent')], max_length=12, verbose_name='nature')),
                    ('partie', models.CharField(choices=[('CAISSE', 'Caisse'), ('PARTENAIRE', 'Structure'), ('TIERS', 'Tiers signataire')], max_length=10, verbose_name='partie')),
                    ('ancien_nom', models.CharField(blank=True, max_length=160, verbose_name='ancien nom')),
                    ('ancien_fonction', models.CharField(blank=True, max_length=120, verbose_name='ancienne fonction')),
                    ('ancien_courriel', models.EmailField(blank=True, max_length=254, verbose_name='ancienne adresse électronique')),
                    ('ancien_telephone', models.CharField(blank=True, max_length=20, verbose_name='ancien téléphone')),
                    ('nom', models.CharField(blank=True, max_length=160, verbose_name='nom')),
                    ('fonction', models.CharField(blank=True, max_length=120, verbose_name='fonction')),
                    ('courriel', models.EmailField(blank=True, max_length=254, verbose_name='adresse électronique')),
                    ('telephone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                    ('etat', models.CharField(choices=[('PROPOSE', 'Attend la caisse'), ('CONFIRME', 'Confirmé'), ('REFUSE', 'Refusé'), ('RETIRE', 'Retiré par la structure')], default='PROPOSE', max_length=10, verbose_name='état')),
                    ('propose_le', models.DateTimeField(verbose_name='proposé le')),
                    ('decide_le', models.DateTimeField(blank=True, null=True, verbose_name='décidé le')),
                    ('motif_refus', models.CharField(blank=True, max_length=300, verbose_name='motif du refus')),
                    ('cle', models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="clé d'envoi")),
                ],
                options={
                    'verbose_name': 'changement de référent',
                    'verbose_name_plural': 'changements de référents',
                    'ordering': ['-propose_le', '-id'],
                },
            ),
            migrations.CreateModel(
                name='ModeleConvention',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(max_length=40, verbose_name='code')),
                    ('libelle', models.CharField(max_length=160, verbose_name='libellé')),
                    ('aide', models.CharField(blank=True, max_length=300, verbose_name='aide')),
                    ('ordre', models.PositiveSmallIntegerField(default=100, verbose_name='ordre')),
                    ('valide_du', models.DateField(blank=True, null=True, verbose_name='valable du')),
                    ('valide_au', models.DateField(blank=True, null=True, verbose_name="valable jusqu'au")),
                    ('intitule', models.CharField(max_length=200, verbose_name='intitulé')),
                    ('texte', models.TextField(max_length=60000, verbose_name='préambule et articles')),
                    ('annexes', models.TextField(blank=True, max_length=60000, verbose_name='annexes')),
                    ('comite', models.CharField(blank=True, max_length=120, verbose_name='comité de suivi')),
                    ('comite_mois', models.PositiveSmallIntegerField(blank=True, help_text='12\u00a0: une fois par an.', null=True, verbose_name='fréquence du comité (mois)')),
                    ('exemplaires', models.PositiveSmallIntegerField(default=2, verbose_name="nombre d'exemplaires")),
                    ('nature', models.CharField(choices=[('METIER', 'Convention métier'), ('UTILISATION', "Convention d'utilisation"), ('METIER_UNION', "Convention métier d'union"), ('TRIPARTITE', 'Convention tripartite')], max_length=12, verbose_name='nature')),
                    ('duree_mois', models.PositiveSmallIntegerField(default=12, verbose_name='durée (mois)')),
                    ('reconduction', models.CharField(choices=[('TACITE', 'Tacite'), ('EXPRESSE', 'Expresse'), ('AUCUNE', 'Aucune')], default='TACITE', max_length=8, verbose_name='reconduction')),
                    ('regime_preavis', models.CharField(choices=[('AUCUN', 'Aucune dénonciation prévue'), ('ECHEANCE', 'Avant l’échéance, avec un préavis'), ('TOUT_MOMENT', 'À tout moment')], default='AUCUN', max_length=12, verbose_name='dénonciation')),
                    ('preavis_mois', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='préavis (mois)')),
                    ('mise_en_demeure_jours', models.PositiveSmallIntegerField(default=15, verbose_name='mise en demeure (jours)')),
                    ('mise_en_demeure_depart', models.CharField(choices=[('ENVOI', "À l'envoi"), ('RECEPTION', 'À la réception')], default='ENVOI', max_length=9, verbose_name='départ de la mise en demeure')),
                    ('evaluation_requise', models.BooleanField(default=True, verbose_name='évaluation partagée de la première année')),
                ],
                options={
                    'verbose_name': 'modèle de convention',
                    'verbose_name_plural': 'modèles de conventions',
                    'ordering': ['ordre', 'libelle', 'id'],
                },
            ),
            migrations.CreateModel(
                name='SignatureAvenant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('partie', models.CharField(choices=[('CAISSE', 'Caisse'), ('PARTENAIRE', 'Structure'), ('TIERS', 'Tiers signataire')], max_length=10, verbose_name='partie')),
                    ('organisme', models.CharField(blank=True, max_length=160, verbose_name='organisme')),
                    ('nom', models.CharField(max_length=160, verbose_name='nom')),
                    ('qualite', models.CharField(max_length=160, verbose_name='qualité')),
                    ('signee_le', models.DateField(blank=True, null=True, verbose_name='signé le')),
                ],
                options={
                    'verbose_name': 'signature d’un avenant',
                    'verbose_name_plural': 'signatures des avenants',
                    'ordering': ['partie', 'id'],
                },
            ),
            migrations.CreateModel(
                name='TexteConvention',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('intitule', models.CharField(max_length=200, verbose_name='intitulé')),
                    ('texte', models.TextField(max_length=60000, verbose_name='préambule et articles')),
                    ('annexes', models.TextField(blank=True, max_length=60000, verbose_name='annexes')),
                    ('comite', models.CharField(blank=True, max_length=120, verbose_name='comité de suivi')),
                    ('comite_mois', models.PositiveSmallIntegerField(blank=True, help_text='12\u00a0: une fois par an.', null=True, verbose_name='fréquence du comité (mois)')),
                    ('exemplaires', models.PositiveSmallIntegerField(default=2, verbose_name="nombre d'exemplaires")),
                ],
                options={
                    'verbose_name': 'texte de la convention',
                    'verbose_name_plural': 'texte de la convention',
                },
            ),
        ]),
        Together([
            migrations.AddField(
                model_name='avenant',
                name='abandonne_le',
                field=models.DateField(blank=True, null=True, verbose_name='abandonné le'),
            ),
            migrations.AddField(
                model_name='avenant',
                name='changements',
                field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name='ce qu’il change'),
            ),
            migrations.AddField(
                model_name='avenant',
                name='redige_le',
                field=models.DateTimeField(blank=True, null=True, verbose_name='rédigé le'),
            ),
            migrations.AddField(
                model_name='avenant',
                name='texte',
                field=models.TextField(blank=True, db_default='', default='', max_length=4000, verbose_name='texte'),
            ),
            migrations.AlterField(
                model_name='avenant',
                name='date',
                field=models.DateField(blank=True, null=True, verbose_name='date de signature par toutes les parties'),
            ),
        ]),
        migrations.AddConstraint(
            model_name='avenant',
            constraint=models.UniqueConstraint(condition=models.Q(('abandonne_le', None), ('date', None)), fields=('convention',), name='avenant_un_ouvert', violation_error_message='Un avenant de cette convention est déjà en signature.'),
        ),
        Together([
            migrations.AddField(
                model_name='changementreferent',
                name='convention',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changements_referents', to='partners.convention'),
            ),
            migrations.AddField(
                model_name='changementreferent',
                name='decide_par',
                field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='changementreferent',
                name='propose_par',
                field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='changementreferent',
                name='referent',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partners.referent', verbose_name='référent concerné'),
            ),
            migrations.AddField(
                model_name='modeleconvention',
                name='caisse',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='caisses.caisse', verbose_name='propre à la caisse'),
            ),
            migrations.AddField(
                model_name='signatureavenant',
                name='avenant',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='partners.avenant'),
            ),
            migrations.AddField(
                model_name='texteconvention',
                name='convention',
                field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='redaction', to='partners.convention'),
            ),
            migrations.AddField(
                model_name='texteconvention',
                name='modele',
                field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.modeleconvention', verbose_name='modèle'),
            ),
        ]),
        Together([
            migrations.AddConstraint(
                model_name='changementreferent',
                constraint=models.UniqueConstraint(condition=models.Q(('etat', 'PROPOSE')), fields=('referent',), name='changement_referent_un_ouvert', violation_error_message='Un changement de ce référent attend déjà la caisse.'),
            ),
            migrations.AddConstraint(
                model_name='changementreferent',
                constraint=models.CheckConstraint(condition=models.Q(('etat', 'PROPOSE'), ('decide_le__isnull', False), _connector='XOR'), name='changement_referent_decide', violation_error_message='Un changement décidé porte la date de la décision.'),
            ),
            migrations.AddConstraint(
                model_name='changementreferent',
                constraint=portal.tenancy.policies.RealmPolicy(name='changement_referent', rules={'caisse': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)', 'national': 'true', 'partenaire': {'insert': "EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id AND c.partenaire_id = {tenant}) AND partie = 'PARTENAIRE' AND etat = 'PROPOSE'", 'select': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id AND c.partenaire_id = {tenant})', 'update': "EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id AND c.partenaire_id = {tenant}) AND partie = 'PARTENAIRE' AND etat IN ('PROPOSE', 'RETIRE')"}}),
            ),
            migrations.AddConstraint(
                model_name='modeleconvention',
                constraint=models.UniqueConstraint(fields=('code', 'caisse'), name='modele_convention_unique', nulls_distinct=False, violation_error_message='Ce code existe déjà.'),
            ),
            migrations.AddConstraint(
                model_name='modeleconvention',
                constraint=portal.tenancy.policies.RealmPolicy(name='modele_convention', rules={'caisse': {'delete': 'caisse_id = {tenant}', 'insert': 'caisse_id = {tenant}', 'select': 'caisse_id = {tenant} OR caisse_id IS NULL', 'update': 'caisse_id = {tenant}'}, 'connexion': {'select': 'caisse_id IS NULL'}, 'national': 'true', 'partenaire': {'select': 'true'}}),
            ),
            migrations.AddConstraint(
                model_name='signatureavenant',
                constraint=portal.tenancy.policies.RealmPolicy(name='signature_avenant', rules={'caisse': 'EXISTS (SELECT 1 FROM partners_avenant a WHERE a.id = {table}.avenant_id)', 'national': 'true', 'partenaire': {'select': 'EXISTS (SELECT 1 FROM partners_avenant a WHERE a.id = {table}.avenant_id)'}}),
            ),
            migrations.AddConstraint(
                model_name='texteconvention',
                constraint=portal.tenancy.policies.RealmPolicy(name='texte_convention', rules={'caisse': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)', 'national': 'true', 'partenaire': {'select': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)'}}),
            ),
        ]),
    ]
