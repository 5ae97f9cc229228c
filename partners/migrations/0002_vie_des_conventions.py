import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import portal.tenancy.policies
from django.conf import settings
from django.db import migrations, models

from portal.indexes import Together


class Migration(migrations.Migration):
    """The life of the conventions. A few thousand rows: the constraints are checked again in an instant."""

    dependencies = [
        ('caisses', '0007_listes_des_dossiers'),
        ('partners', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Avenant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('numero', models.PositiveSmallIntegerField(verbose_name='numéro')),
                    ('objet', models.CharField(max_length=200, verbose_name='objet')),
                    ('date', models.DateField(verbose_name='date de signature par toutes les parties')),
                ],
                options={
                    'verbose_name': 'avenant',
                    'verbose_name_plural': 'avenants',
                    'ordering': ['convention', 'numero'],
                },
            ),
            migrations.CreateModel(
                name='MembreUnion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('nom', models.CharField(max_length=160, verbose_name='nom de la structure')),
                    ('niveau', models.PositiveSmallIntegerField(choices=[(0, 'Ne souhaite pas conventionner'), (1, 'Niveau 1'), (2, 'Niveau 2'), (3, 'Niveau 3')], default=1, verbose_name='niveau d’engagement')),
                ],
                options={
                    'verbose_name': 'membre de l’union',
                    'verbose_name_plural': 'membres de l’union',
                    'ordering': ['convention', 'nom', 'id'],
                },
            ),
            migrations.CreateModel(
                name='MiseEnDemeure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('par', models.CharField(choices=[('CAISSE', 'Caisse'), ('PARTENAIRE', 'Structure'), ('TIERS', 'Tiers signataire')], max_length=10, verbose_name='partie qui met en demeure')),
                    ('manquement', models.TextField(verbose_name='manquement en cause')),
                    ('envoyee_le', models.DateField(verbose_name='lettre recommandée envoyée le')),
                    ('recue_le', models.DateField(blank=True, null=True, verbose_name='reçue le')),
                    ('levee_le', models.DateField(blank=True, null=True, verbose_name='levée le')),
                    ('resiliee_le', models.DateField(blank=True, null=True, verbose_name='suivie de la résiliation le')),
                ],
                options={
                    'verbose_name': 'mise en demeure',
                    'verbose_name_plural': 'mises en demeure',
                    'ordering': ['-envoyee_le', '-id'],
                },
            ),
            migrations.CreateModel(
                name='PassageConvention',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('acte', models.CharField(choices=[('ETAT', 'Changement d’état'), ('SIGNATURE', 'Signature d’une partie'), ('DENONCIATION', 'Dénonciation'), ('RETRAIT', 'Dénonciation retirée'), ('RECEPTION', 'Réception de la mise en demeure'), ('EVALUATION', 'Évaluation de la première année'), ('RECONDUCTION', 'Reconduction'), ('AVENANT', 'Avenant'), ('REFERENT', 'Changement de référent')], max_length=12, verbose_name='acte')),
                    ('de', models.CharField(choices=[('BROUILLON', 'Brouillon'), ('EN_SIGNATURE', 'En signature'), ('ACTIVE', 'Active'), ('EN_DEMEURE', 'Mise en demeure'), ('SUSPENDUE', 'Suspendue'), ('RESILIEE', 'Résiliée'), ('EXPIREE', 'Expirée')], max_length=12, verbose_name='de')),
                    ('vers', models.CharField(choices=[('BROUILLON', 'Brouillon'), ('EN_SIGNATURE', 'En signature'), ('ACTIVE', 'Active'), ('EN_DEMEURE', 'Mise en demeure'), ('SUSPENDUE', 'Suspendue'), ('RESILIEE', 'Résiliée'), ('EXPIREE', 'Expirée')], max_length=12, verbose_name='vers')),
                    ('le', models.DateTimeField(verbose_name='le')),
                    ('jour', models.DateField(help_text='Le jour que l’acte porte\xa0: signature, fin, échéance.', null=True, verbose_name='jour')),
                    ('partie', models.CharField(blank=True, choices=[('CAISSE', 'Caisse'), ('PARTENAIRE', 'Structure'), ('TIERS', 'Tiers signataire')], max_length=10, verbose_name='partie')),
                    ('commentaire', models.TextField(blank=True, verbose_name='commentaire')),
                ],
                options={
                    'verbose_name': 'événement d’une convention',
                    'verbose_name_plural': 'événements des conventions',
                    'ordering': ['-le', '-id'],
                },
            ),
        ]),
        Together([
            migrations.RemoveConstraint(
                model_name='convention',
                name='convention_active_datee',
            ),
            migrations.RemoveConstraint(
                model_name='convention',
                name='convention_sans_chevauchement',
            ),
            migrations.RemoveConstraint(
                model_name='convention',
                name='convention_adossee_locataire',
            ),
            migrations.RemoveConstraint(
                model_name='convention',
                name='convention',
            ),
        ]),
        Together([
            migrations.AddField(
                model_name='convention',
                name='denoncee_le',
                field=models.DateField(blank=True, editable=False, null=True, verbose_name='dénoncée le'),
            ),
            migrations.AddField(
                model_name='convention',
                name='denoncee_par',
                field=models.CharField(blank=True, choices=[('CAISSE', 'Caisse'), ('PARTENAIRE', 'Structure'), ('TIERS', 'Tiers signataire')], db_default='', default='', editable=False, max_length=10, verbose_name='dénoncée par'),
            ),
            migrations.AddField(
                model_name='convention',
                name='echeance',
                field=models.DateField(blank=True, editable=False, help_text='Premier jour de la période suivante.', null=True, verbose_name='échéance'),
            ),
            migrations.AddField(
                model_name='convention',
                name='evaluation_requise',
                field=models.BooleanField(db_default=True, default=True, help_text='La première reconduction attend cette évaluation (convention métier, art. 9.2).', verbose_name='évaluation partagée de la première année'),
            ),
            migrations.AddField(
                model_name='convention',
                name='evaluee_le',
                field=models.DateField(blank=True, editable=False, null=True, verbose_name='évaluée le'),
            ),
            migrations.AddField(
                model_name='convention',
                name='motif_fin',
                field=models.CharField(blank=True, choices=[('DENONCIATION', 'Dénonciation par une partie'), ('MANQUEMENT', 'Manquement, après mise en demeure'), ('ACCORD', 'Commun accord des parties'), ('METIER', 'Fin de la convention métier'), ('TERME', 'Arrivée à son terme')], db_default='', default='', editable=False, max_length=12, verbose_name='motif de la fin'),
            ),
            migrations.AddField(
                model_name='convention',
                name='rappel_jours',
                field=models.PositiveSmallIntegerField(db_default=0, default=0, editable=False, verbose_name="dernier rappel avant l'échéance (jours)"),
            ),
            migrations.AddField(
                model_name='convention',
                name='regime_preavis',
                field=models.CharField(choices=[('AUCUN', 'Aucune dénonciation prévue'), ('ECHEANCE', 'Avant l’échéance, avec un préavis'), ('TOUT_MOMENT', 'À tout moment')], db_default='ECHEANCE', default='ECHEANCE', max_length=12, verbose_name='dénonciation'),
            ),
            migrations.AddField(
                model_name='convention',
                name='suite_demandes',
                field=models.CharField(choices=[('TERMINER', 'La caisse les termine'), ('CLORE', 'La caisse les clôt sans suite')], db_default='TERMINER', default='TERMINER', editable=False, max_length=8, verbose_name='demandes encore ouvertes à la fin'),
            ),
            migrations.AddField(
                model_name='referent',
                name='depuis',
                field=models.DateField(blank=True, null=True, verbose_name='référent depuis le'),
            ),
            migrations.AddField(
                model_name='signataire',
                name='organisme',
                field=models.CharField(blank=True, db_default='', default='', help_text='Pour un tiers signataire\xa0: la Caf, le SIAO, la Carsat…', max_length=160, verbose_name='organisme'),
            ),
            migrations.AlterField(
                model_name='convention',
                name='etat',
                field=models.CharField(choices=[('BROUILLON', 'Brouillon'), ('EN_SIGNATURE', 'En signature'), ('ACTIVE', 'Active'), ('EN_DEMEURE', 'Mise en demeure'), ('SUSPENDUE', 'Suspendue'), ('RESILIEE', 'Résiliée'), ('EXPIREE', 'Expirée')], default='BROUILLON', max_length=12, verbose_name='état'),
            ),
        ]),
        Together([
            migrations.AddConstraint(
                model_name='convention',
                constraint=models.UniqueConstraint(fields=('id', 'caisse'), name='convention_de_caisse'),
            ),
            migrations.AddConstraint(
                model_name='convention',
                constraint=models.UniqueConstraint(fields=('id', 'partenaire'), name='convention_de_structure'),
            ),
            migrations.AddConstraint(
                model_name='convention',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ('ACTIVE', 'EN_DEMEURE', 'SUSPENDUE')), _negated=True), ('date_effet__isnull', False), _connector='OR'), name='convention_active_datee', violation_error_message="Une convention active a une date d'effet."),
            ),
            migrations.AddConstraint(
                model_name='convention',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('etat__in', ('ACTIVE', 'EN_DEMEURE', 'SUSPENDUE'))), expressions=[('caisse', '='), ('partenaire', '='), ('nature', '='), (models.Func('date_effet', 'date_fin', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True), function='DATERANGE', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='convention_sans_chevauchement', violation_error_message='Une convention de même nature est déjà active sur cette période.'),
            ),
            migrations.AddConstraint(
                model_name='convention',
                constraint=portal.tenancy.policies.TenantForeignKey(columns=('adossee_a_id', 'caisse_id'), name='convention_adossee_caisse', to='partners_convention', to_columns=('id', 'caisse_id')),
            ),
        ]),
        Together([
            migrations.AddField(
                model_name='avenant',
                name='convention',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='avenants', to='partners.convention'),
            ),
            migrations.AddField(
                model_name='membreunion',
                name='convention',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='membres', to='partners.convention'),
            ),
            migrations.AddField(
                model_name='membreunion',
                name='partenaire',
                field=models.ForeignKey(blank=True, help_text='Vide tant que la structure n’y est pas.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire', verbose_name='structure sur le portail'),
            ),
            migrations.AddField(
                model_name='membreunion',
                name='union',
                field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire', verbose_name='union'),
            ),
            migrations.AddField(
                model_name='miseendemeure',
                name='convention',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mises_en_demeure', to='partners.convention'),
            ),
            migrations.AddField(
                model_name='passageconvention',
                name='acteur',
                field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='passageconvention',
                name='convention',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passages', to='partners.convention'),
            ),
        ]),
        Together([
            migrations.AddConstraint(
                model_name='avenant',
                constraint=models.UniqueConstraint(fields=('convention', 'numero'), name='avenant_numero_unique', violation_error_message='Cette convention a déjà un avenant de ce numéro.'),
            ),
            migrations.AddConstraint(
                model_name='avenant',
                constraint=portal.tenancy.policies.RealmPolicy(name='avenant', rules={'caisse': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)', 'national': 'true', 'partenaire': {'select': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)'}}),
            ),
            migrations.AddConstraint(
                model_name='membreunion',
                constraint=models.UniqueConstraint(fields=('convention', 'nom'), name='membre_union_unique', violation_error_message='Cette structure est déjà dans la liste.'),
            ),
            migrations.AddConstraint(
                model_name='membreunion',
                constraint=models.UniqueConstraint(fields=('convention', 'partenaire'), name='membre_union_partenaire_unique', violation_error_message='Cette structure est déjà dans la liste.'),
            ),
            migrations.AddConstraint(
                model_name='membreunion',
                constraint=portal.tenancy.policies.TenantForeignKey(columns=('convention_id', 'union_id'), name='membre_union_convention', to='partners_convention', to_columns=('id', 'partenaire_id')),
            ),
            migrations.AddConstraint(
                model_name='membreunion',
                constraint=portal.tenancy.policies.RealmPolicy(name='membre_union', rules={'caisse': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)', 'national': 'true', 'partenaire': {'select': 'partenaire_id = {tenant} OR union_id = {tenant}'}}),
            ),
            migrations.AddConstraint(
                model_name='miseendemeure',
                constraint=models.UniqueConstraint(condition=models.Q(('levee_le__isnull', True), ('resiliee_le__isnull', True)), fields=('convention',), name='mise_en_demeure_unique', violation_error_message='Une mise en demeure est déjà en cours.'),
            ),
            migrations.AddConstraint(
                model_name='miseendemeure',
                constraint=models.CheckConstraint(condition=models.Q(('recue_le__isnull', True), ('recue_le__gte', models.F('envoyee_le')), _connector='OR'), name='mise_en_demeure_dates', violation_error_message='La réception ne peut pas précéder l’envoi.'),
            ),
            migrations.AddConstraint(
                model_name='miseendemeure',
                constraint=portal.tenancy.policies.RealmPolicy(name='mise_en_demeure', rules={'caisse': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)', 'national': 'true', 'partenaire': {'select': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)'}}),
            ),
            migrations.AddConstraint(
                model_name='passageconvention',
                constraint=portal.tenancy.policies.RealmPolicy(name='passage_convention', rules={'caisse': {'insert': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)', 'select': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)'}, 'national': {'insert': 'true', 'select': 'true'}, 'partenaire': {'select': 'EXISTS (SELECT 1 FROM partners_convention c WHERE c.id = {table}.convention_id)'}}),
            ),
            migrations.AddConstraint(
                model_name='convention',
                constraint=portal.tenancy.policies.RealmPolicy(name='convention', rules={'caisse': 'caisse_id = {tenant}', 'national': 'true', 'partenaire': {'select': 'partenaire_id = {tenant} OR EXISTS (SELECT 1 FROM partners_membreunion m WHERE m.convention_id = {table}.id AND m.partenaire_id = {tenant})'}}),
            ),
        ]),
    ]
