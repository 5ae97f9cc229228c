from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

ERASED = """
UPDATE accounts_utilisateur SET supprime_le = inactive_le + interval '6 months'
WHERE NOT is_active AND identifiant LIKE 'compte-supprime-%'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_raccourcis'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('caisses', '0007_listes_des_dossiers'),
    ]

    operations = [
        migrations.AddField(
            model_name='utilisateur',
            name='supprime_le',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='supprimé le'),
        ),
        migrations.AlterField(
            model_name='utilisateur',
            name='motif_inactivation',
            field=models.CharField(blank=True, choices=[('depart_structure', 'Départ de la structure'), ('changement_fonction', 'Changement de fonction'), ('fin_convention', 'Fin de convention'), ('usage_frauduleux', 'Usage frauduleux'), ('vol_perte_identifiants', 'Vol ou perte des identifiants'), ('usage_non_conforme', 'Usage non conforme'), ('demande_gestionnaire', 'Demande du gestionnaire'), ('fin_prevue', 'Date de fin prévue atteinte'), ('inactivite', 'Sans connexion depuis longtemps')], max_length=24, verbose_name="motif d'inactivation"),
        ),
        migrations.RunSQL(ERASED, migrations.RunSQL.noop),
        AddConstraintNotValid(
            model_name='utilisateur',
            constraint=models.CheckConstraint(condition=models.Q(('supprime_le__isnull', True), ('is_active', False), _connector='OR'), name='utilisateur_supprime_inactif', violation_error_message='Seul un compte inactif est supprimé.'),
        ),
        ValidateConstraint(model_name="utilisateur", name="utilisateur_supprime_inactif"),
    ]
