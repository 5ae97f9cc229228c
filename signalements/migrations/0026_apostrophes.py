from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("signalements", "0025_doublons_probables"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="delaihabituel",
                    name="fonction",
                    field=models.CharField(
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
                    model_name="demande",
                    name="fonction",
                    field=models.CharField(
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
                    model_name="statistiquemensuelle",
                    name="fonction",
                    field=models.CharField(
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
            ]
        )
    ]
