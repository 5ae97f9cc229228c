from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("audit", "0004_apostrophes"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="evenement",
                    name="objet_id",
                    field=models.CharField(blank=True, max_length=64, verbose_name="identifiant de l’objet"),
                ),
            ]
        )
    ]
