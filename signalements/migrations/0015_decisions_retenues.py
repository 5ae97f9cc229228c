import django.db.models.deletion
import portal.identifiers
import portal.tenancy.policies
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Decisions that can still be undone."""

    dependencies = [
        ('caisses', '0002_equipes'),
        ('partners', '0001_initial'),
        ('signalements', '0014_envoi_annulable'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DecisionRetenue',
            fields=[
                ('id', models.UUIDField(default=portal.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('issue', models.CharField(choices=[('ACCORD', 'Accord'), ('REFUS', 'Refus'), ('SANS_SUITE', 'Sans suite'), ('DROITS_OUVERTS', 'Droits ouverts'), ('SOINS_REALISES', 'Soins réalisés'), ('AIDE_ACCORDEE', 'Aide financière accordée'), ('ORIENTEE_SERVICE_SOCIAL', 'Orientation vers le service social'), ('ORIENTEE_MEDIATION_NUMERIQUE', 'Orientation vers la médiation numérique'), ('REFUS_PERSONNE', 'Accompagnement refusé par la personne'), ('INJOIGNABLE', 'Personne injoignable'), ('HORS_PERIMETRE', 'Hors périmètre'), ('HONORE', 'Rendez-vous honoré'), ('ABSENT', 'Rendez-vous non honoré'), ('ANNULE_PERSONNE', 'Annulé par la personne'), ('ANNULE_CAISSE', 'Annulé par la caisse'), ('DELIVRE_PORTAIL', 'Document transmis'), ('ENVOYE_PERSONNE', 'Document envoyé à la personne'), ('DROITS_NON_OUVERTS', 'Droits non ouverts'), ('NON_ELIGIBLE', 'Personne non éligible'), ('NON_AUTORISE', 'Document non autorisé'), ('REPONDU', 'Réponse donnée'), ('NON_RECEVABLE', 'Non recevable'), ('REORIENTEE', 'Réorientée')], max_length=32, verbose_name='issue')),
                ('saisie', models.JSONField(default=dict, verbose_name='saisie')),
                ('version', models.PositiveIntegerField(verbose_name='version de la demande')),
                ('le', models.DateTimeField(verbose_name='décidée le')),
                ('prend_effet_le', models.DateTimeField(null=True, verbose_name='prend effet le')),
                ('raison', models.CharField(blank=True, max_length=300, verbose_name="pourquoi elle n'est pas partie")),
                ('acteur', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
                ('caisse', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='caisses.caisse')),
                ('demande', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='decisions_retenues', to='signalements.demande')),
                ('partenaire', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partenaire')),
            ],
            options={
                'verbose_name': 'décision retenue',
                'verbose_name_plural': 'décisions retenues',
                'ordering': ['le', 'id'],
                'indexes': [models.Index(condition=models.Q(('prend_effet_le__isnull', False)), fields=['prend_effet_le'], name='decision_retenue_due'), models.Index(fields=['le'], name='decision_retenue_ancienne')],
                'constraints': [models.UniqueConstraint(fields=('demande', 'acteur'), name='decision_retenue_une_par_personne'), models.UniqueConstraint(condition=models.Q(('prend_effet_le__isnull', False)), fields=('demande',), name='decision_retenue_une_a_la_fois'), portal.tenancy.policies.TenantForeignKey(columns=('demande_id', 'partenaire_id', 'caisse_id'), name='decision_retenue_locataire', to='signalements_demande', to_columns=('id', 'partenaire_id', 'caisse_id')), portal.tenancy.policies.RealmPolicy(name='decision_retenue', rules={'caisse': 'caisse_id = {tenant}'})],
            },
        ),
    ]
