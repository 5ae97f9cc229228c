import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("documents", "0006_verifie_les_termes"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="entreecatalogue",
                    name="modele",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("INFORMATION", "Lettre d’information"),
                            (
                                "DECLARATION_VITALE",
                                "Déclaration de perte, de vol ou de panne de carte Vitale",
                            ),
                        ],
                        max_length=20,
                        verbose_name="document produit par le portail",
                    ),
                ),
                migrations.AlterField(
                    model_name="entreecatalogue",
                    name="modes",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("PORTAIL", "Par la structure, sur le portail"),
                                ("COMPTE_AMELI", "Dans le compte ameli de la personne"),
                                ("COURRIER", "Par courrier, à l’adresse connue de la caisse"),
                                ("AGENCE", "À l’accueil de la caisse"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="modes de remise",
                    ),
                ),
                migrations.AlterField(
                    model_name="entreecatalogue",
                    name="types_partenaires",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
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
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="types de structures autorisés",
                    ),
                ),
                migrations.AlterField(
                    model_name="piece",
                    name="fonction",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("CONTACT", "Contacter ma caisse"),
                            ("DOSSIER", "Transmettre un dossier (CSS, AME)"),
                            ("SAISINE", "Signaler une difficulté d’accès aux droits ou aux soins"),
                            ("RENDEZ_VOUS", "Demander un rendez-vous pour un assuré"),
                            ("DOCUMENT", "Demander un document"),
                            ("HISTORIQUE", "Historique des demandes"),
                        ],
                        max_length=16,
                        verbose_name="service",
                    ),
                ),
                migrations.AlterField(
                    model_name="piece",
                    name="motif_refus",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("INFECTEE", "Le fichier contient un virus."),
                            ("ILLISIBLE", "Le fichier ne peut pas être lu."),
                            ("CONTENU", "Le contenu du fichier n’est pas accepté."),
                        ],
                        max_length=10,
                        verbose_name="motif de refus",
                    ),
                ),
            ]
        )
    ]
