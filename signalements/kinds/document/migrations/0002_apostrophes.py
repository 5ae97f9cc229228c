from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("document", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="demandedocument",
                    name="remise",
                    field=models.CharField(
                        choices=[
                            ("PORTAIL", "Par la structure, sur le portail"),
                            ("COMPTE_AMELI", "Dans le compte ameli de la personne"),
                            ("COURRIER", "Par courrier, à l’adresse connue de la caisse"),
                            ("AGENCE", "À l’accueil de la caisse"),
                        ],
                        max_length=12,
                        verbose_name="remise souhaitée",
                    ),
                ),
            ]
        )
    ]
