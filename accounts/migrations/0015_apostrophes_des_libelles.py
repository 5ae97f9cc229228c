import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("accounts", "0014_revues_et_imports"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("caisses", "0012_apostrophes_des_libelles"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="cleacces",
                    options={
                        "ordering": ["cree_le", "id"],
                        "verbose_name": "clé d’accès",
                        "verbose_name_plural": "clés d’accès",
                    },
                ),
                migrations.AlterModelOptions(
                    name="demandehabilitation",
                    options={
                        "ordering": ["-cree_le", "-id"],
                        "verbose_name": "demande d’habilitation",
                        "verbose_name_plural": "demandes d’habilitation",
                    },
                ),
                migrations.AlterModelOptions(
                    name="versioncgu",
                    options={
                        "ordering": ["-publiee_le", "-id"],
                        "verbose_name": "version des conditions d’utilisation",
                        "verbose_name_plural": "conditions d’utilisation",
                    },
                ),
                migrations.AlterField(
                    model_name="codesecours",
                    name="valable_jusqu_au",
                    field=models.DateTimeField(
                        blank=True,
                        help_text="Pour le code d’une reprise, remis par un autre.",
                        null=True,
                        verbose_name="valable jusqu’au",
                    ),
                ),
                migrations.AlterField(
                    model_name="demandehabilitation",
                    name="date_souhaitee",
                    field=models.DateField(null=True, verbose_name="fin d’accès souhaitée le"),
                ),
                migrations.AlterField(
                    model_name="demandehabilitation",
                    name="successeur",
                    field=models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="depart",
                        to="accounts.demandehabilitation",
                        verbose_name="demande d’habilitation du remplaçant",
                    ),
                ),
                migrations.AlterField(
                    model_name="utilisateur",
                    name="invitation",
                    field=models.PositiveSmallIntegerField(default=0, verbose_name="numéro d’invitation"),
                ),
                migrations.AlterField(
                    model_name="utilisateur",
                    name="motif_inactivation",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("depart_structure", "Départ de la structure"),
                            ("changement_fonction", "Changement de fonction"),
                            ("fin_convention", "Fin de convention"),
                            ("usage_frauduleux", "Usage frauduleux"),
                            ("vol_perte_identifiants", "Vol ou perte des identifiants"),
                            ("usage_non_conforme", "Usage non conforme"),
                            ("demande_gestionnaire", "Demande du gestionnaire"),
                            ("fin_prevue", "Date de fin prévue atteinte"),
                            ("inactivite", "Sans connexion depuis longtemps"),
                        ],
                        max_length=24,
                        verbose_name="motif d’inactivation",
                    ),
                ),
                migrations.AlterConstraint(
                    model_name="utilisateur",
                    name="utilisateur_identifiant_minuscule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("identifiant__regex", "^[a-z0-9._-]+$")),
                        name="utilisateur_identifiant_minuscule",
                        violation_error_message="L’identifiant s’écrit en minuscules.",
                    ),
                ),
            ]
        )
    ]
