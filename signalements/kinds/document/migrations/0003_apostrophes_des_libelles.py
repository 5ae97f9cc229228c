from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("document", "0002_apostrophes"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="demandedocument",
                    name="alertes",
                    field=models.JSONField(default=list, verbose_name="points d’attention"),
                ),
            ]
        )
    ]
