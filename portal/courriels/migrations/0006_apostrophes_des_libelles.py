from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("courriels", "0005_index_superflus"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="courriel",
                    name="adresse",
                    field=models.EmailField(blank=True, max_length=254, verbose_name="adresse d’équipe"),
                ),
            ]
        )
    ]
