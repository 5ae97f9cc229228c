from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("saisine", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="saisine",
                    name="canal_prefere",
                    field=models.CharField(
                        choices=[
                            ("TELEPHONE", "Par téléphone"),
                            ("RENDEZ_VOUS", "En rendez-vous"),
                            ("PARTENAIRE", "Par l’intermédiaire de la structure"),
                        ],
                        max_length=12,
                        verbose_name="contact préféré",
                    ),
                ),
            ]
        )
    ]
