import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("caisses", "0012_apostrophes_des_libelles"),
        ("dossier", "0002_changements_de_service"),
        ("partners", "0006_apostrophes_des_libelles"),
        ("signalements", "0027_apostrophes_des_libelles"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="periode",
                    options={
                        "ordering": ["rang"],
                        "verbose_name": "période d’instruction",
                        "verbose_name_plural": "périodes d’instruction",
                    },
                ),
                migrations.AlterModelOptions(
                    name="regledossier",
                    options={
                        "ordering": ["type", "valide_du", "id"],
                        "verbose_name": "règle d’un type de dossier",
                        "verbose_name_plural": "règles des types de dossier",
                    },
                ),
                migrations.AlterField(
                    model_name="dossier",
                    name="effet_le",
                    field=models.DateField(null=True, verbose_name="date d’effet"),
                ),
                migrations.AlterField(
                    model_name="dossier",
                    name="exception",
                    field=models.CharField(
                        blank=True, max_length=40, verbose_name="motif d’exception (première AME)"
                    ),
                ),
                migrations.AlterField(
                    model_name="pieceattendue",
                    name="si_situations",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("VECU_ETRANGER", "A vécu à l’étranger pendant les 12 derniers mois"),
                                ("NE_ETRANGER", "Est née à l’étranger"),
                                ("ACTIVITE", "Travaille, ou a travaillé récemment"),
                                (
                                    "DISPENSE",
                                    "Est dispensée des trois mois de résidence (réfugiée, RSA, AAH, retour de volontariat…)",
                                ),
                                ("HEBERGEE", "Est hébergée par un proche ou une structure"),
                                ("DOMICILIEE", "Est domiciliée (CCAS ou organisme agréé)"),
                                ("TUTELLE", "Est sous tutelle ou curatelle"),
                                ("PARTICIPATION", "Paiera peut-être une participation (prélèvement)"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="si l’une de ces situations",
                    ),
                ),
                migrations.AlterField(
                    model_name="pieceattendue",
                    name="valide_au",
                    field=models.DateField(blank=True, null=True, verbose_name="valable jusqu’au"),
                ),
                migrations.AlterField(
                    model_name="regledossier",
                    name="departements_exclus",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="départements où il ne s’applique pas",
                    ),
                ),
                migrations.AlterField(
                    model_name="regledossier",
                    name="valide_au",
                    field=models.DateField(blank=True, null=True, verbose_name="valable jusqu’au"),
                ),
                migrations.AlterConstraint(
                    model_name="dossier",
                    name="dossier_premiere_ame",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("type", "AME_PREMIERE"), _negated=True),
                            ("nature", "PREMIERE"),
                            _connector="OR",
                        ),
                        name="dossier_premiere_ame",
                        violation_error_message="Une première demande d’AME est une première demande.",
                    ),
                ),
                migrations.AlterConstraint(
                    model_name="periode",
                    name="periode_close",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("close_le__isnull", True), ("fin", "")),
                            models.Q(
                                ("close_le__gte", models.F("recue_le")), models.Q(("fin", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="periode_close",
                        violation_error_message="Une période close dit ce qui l’a close, et quand.",
                    ),
                ),
            ]
        )
    ]
