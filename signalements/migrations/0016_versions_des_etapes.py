from django.db import migrations, models


class Migration(migrations.Migration):
    """How often each step of a draft was saved, and by whom."""

    dependencies = [("signalements", "0015_decisions_retenues")]

    operations = [
        migrations.AddField(
            model_name="brouillon",
            name="versions",
            field=models.JSONField(db_default={}, default=dict, verbose_name="versions des étapes"),
        ),
    ]
