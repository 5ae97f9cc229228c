from django.contrib.postgres.operations import AddConstraintNotValid
import django.db.models.deletion
import portal.tenancy.policies
from django.conf import settings
from django.db import migrations, models

from portal.indexes import Together


class Migration(migrations.Migration):
    """The documents of conventions are pièces of no demande. One transaction: always a policy."""

    dependencies = [
        ('caisses', '0007_listes_des_dossiers'),
        ('documents', '0004_documents_a_effacer'),
        ('partners', '0004_dossier_des_conventions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentConvention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(choices=[('CONVENTION', 'Convention signée'), ('AVENANT', 'Avenant signé'), ('DELIBERATION', 'Délibération ou pouvoir de signer'), ('COURRIER', 'Lettre recommandée ou son accusé de réception'), ('ATTESTATION', 'Attestation de fin signée'), ('CERTIFICAT', 'Certificat de destruction signé')], max_length=12, verbose_name='nature')),
            ],
            options={
                'verbose_name': 'document de la convention',
                'verbose_name_plural': 'documents de la convention',
                'ordering': ['-piece__deposee_le', '-id'],
            },
        ),
        Together([
            migrations.RemoveConstraint(
                model_name='piece',
                name='piece_sortante_expire',
            ),
            migrations.RemoveConstraint(
                model_name='piece',
                name='piece',
            ),
        ]),
        Together([
            migrations.AlterField(
                model_name='piece',
                name='fonction',
                field=models.CharField(blank=True, choices=[('CONTACT', 'Contacter ma caisse'), ('DOSSIER', 'Transmettre un dossier (CSS, AME)'), ('SAISINE', "Signaler une difficulté d'accès aux droits ou aux soins"), ('RENDEZ_VOUS', 'Demander un rendez-vous pour un assuré'), ('DOCUMENT', 'Demander un document'), ('HISTORIQUE', 'Historique des demandes')], max_length=16, verbose_name='service'),
            ),
            migrations.AlterField(
                model_name='piece',
                name='origine',
                field=models.CharField(choices=[('partenaire', 'Structure'), ('caisse', 'Caisse'), ('convention', "Document d'une convention")], default='partenaire', max_length=10, verbose_name='origine'),
            ),
        ]),
        AddConstraintNotValid(
            model_name='piece',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('expire_le__isnull', True), ('origine__in', ('partenaire', 'convention'))), models.Q(('expire_le__isnull', False), ('origine', 'caisse')), _connector='OR'), name='piece_sortante_expire', violation_error_message='Un document remis par la caisse expire, et lui seul.'),
        ),
        migrations.AddConstraint(
            model_name='piece',
            constraint=portal.tenancy.policies.RealmPolicy(name='piece', rules={'caisse': {'delete': "caisse_id = {tenant} AND (origine = 'caisse' OR transmise_le IS NOT NULL)", 'insert': "caisse_id = {tenant} AND (origine = 'caisse' OR transmise_le IS NOT NULL)", 'select': "caisse_id = {tenant} AND (origine = 'caisse' OR (transmise_le - interval '5 seconds' <= statement_timestamp() OR transmise_le - interval '5 seconds' <= nullif(current_setting('app.now', true), '')::timestamptz))", 'update': "caisse_id = {tenant} AND (origine = 'caisse' OR transmise_le IS NOT NULL)"}, 'national': "origine = 'convention'", 'partenaire': {'delete': "partenaire_id = {tenant} AND (origine = 'partenaire' OR origine = 'caisse' AND (transmise_le <= statement_timestamp() OR transmise_le <= nullif(current_setting('app.now', true), '')::timestamptz))", 'insert': "partenaire_id = {tenant} AND (origine = 'partenaire' OR origine = 'caisse' AND (transmise_le <= statement_timestamp() OR transmise_le <= nullif(current_setting('app.now', true), '')::timestamptz))", 'select': "partenaire_id = {tenant} AND (origine <> 'caisse' OR (transmise_le <= statement_timestamp() OR transmise_le <= nullif(current_setting('app.now', true), '')::timestamptz))", 'update': "partenaire_id = {tenant} AND (origine = 'partenaire' OR origine = 'caisse' AND (transmise_le <= statement_timestamp() OR transmise_le <= nullif(current_setting('app.now', true), '')::timestamptz))"}}),
        ),
        Together([
            migrations.AddField(
                model_name='documentconvention',
                name='avenant',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='partners.avenant', verbose_name='avenant'),
            ),
            migrations.AddField(
                model_name='documentconvention',
                name='caisse',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse'),
            ),
            migrations.AddField(
                model_name='documentconvention',
                name='convention',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='partners.convention'),
            ),
            migrations.AddField(
                model_name='documentconvention',
                name='partenaire',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire'),
            ),
            migrations.AddField(
                model_name='documentconvention',
                name='piece',
                field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='document_convention', to='documents.piece', verbose_name='fichier'),
            ),
        ]),
        Together([
            migrations.AddConstraint(
                model_name='documentconvention',
                constraint=portal.tenancy.policies.TenantForeignKey(columns=('convention_id', 'partenaire_id', 'caisse_id'), name='document_convention_convention', to='partners_convention', to_columns=('id', 'partenaire_id', 'caisse_id')),
            ),
            migrations.AddConstraint(
                model_name='documentconvention',
                constraint=portal.tenancy.policies.TenantForeignKey(columns=('piece_id', 'partenaire_id', 'caisse_id'), name='document_convention_piece', to='documents_piece', to_columns=('id', 'partenaire_id', 'caisse_id')),
            ),
            migrations.AddConstraint(
                model_name='documentconvention',
                constraint=portal.tenancy.policies.RealmPolicy(name='document_convention', rules={'caisse': 'caisse_id = {tenant}', 'national': 'true', 'partenaire': {'select': 'partenaire_id = {tenant}'}}),
            ),
        ]),
    ]
