import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("partners", "0004_dossier_des_conventions"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="convention",
                    name="fonctions",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("CONTACT", "Contacter ma caisse"),
                                ("DOSSIER", "Transmettre un dossier (CSS, AME)"),
                                ("SAISINE", "Signaler une difficulté d’accès aux droits ou aux soins"),
                                ("RENDEZ_VOUS", "Demander un rendez-vous pour un assuré"),
                                ("DOCUMENT", "Demander un document"),
                                ("HISTORIQUE", "Historique des demandes"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="fonctions activées",
                    ),
                ),
                migrations.AlterField(
                    model_name="convention",
                    name="mise_en_demeure_depart",
                    field=models.CharField(
                        choices=[("ENVOI", "À l’envoi"), ("RECEPTION", "À la réception")],
                        default="ENVOI",
                        max_length=9,
                        verbose_name="départ de la mise en demeure",
                    ),
                ),
                migrations.AlterField(
                    model_name="convention",
                    name="nature",
                    field=models.CharField(
                        choices=[
                            ("METIER", "Convention métier"),
                            ("UTILISATION", "Convention d’utilisation"),
                            ("METIER_UNION", "Convention métier d’union"),
                            ("TRIPARTITE", "Convention tripartite"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                migrations.AlterField(
                    model_name="modeleconvention",
                    name="mise_en_demeure_depart",
                    field=models.CharField(
                        choices=[("ENVOI", "À l’envoi"), ("RECEPTION", "À la réception")],
                        default="ENVOI",
                        max_length=9,
                        verbose_name="départ de la mise en demeure",
                    ),
                ),
                migrations.AlterField(
                    model_name="modeleconvention",
                    name="nature",
                    field=models.CharField(
                        choices=[
                            ("METIER", "Convention métier"),
                            ("UTILISATION", "Convention d’utilisation"),
                            ("METIER_UNION", "Convention métier d’union"),
                            ("TRIPARTITE", "Convention tripartite"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                migrations.AlterField(
                    model_name="partenaire",
                    name="type",
                    field=models.CharField(
                        choices=[
                            ("CCAS", "CCAS"),
                            ("CIAS", "CIAS"),
                            ("ASSOCIATION", "Association"),
                            ("TUTELLE", "Service de tutelle (MJPM)"),
                            ("ASE", "Aide sociale à l’enfance"),
                            ("SIAO", "SIAO"),
                            ("HEBERGEMENT", "Structure d’hébergement"),
                            ("UNION", "Union départementale"),
                            ("AUTRE", "Autre structure"),
                        ],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
            ]
        )
    ]
