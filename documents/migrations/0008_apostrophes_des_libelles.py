import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("documents", "0007_apostrophes"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="entreecatalogue",
                    name="texte",
                    field=models.TextField(
                        blank=True, max_length=3000, verbose_name="texte de la lettre d’information"
                    ),
                ),
                migrations.AlterField(
                    model_name="entreecatalogue",
                    name="valide_au",
                    field=models.DateField(blank=True, null=True, verbose_name="valable jusqu’au"),
                ),
                migrations.AlterField(
                    model_name="piece",
                    name="cle",
                    field=models.UUIDField(default=uuid.uuid4, verbose_name="clé d’envoi"),
                ),
                migrations.AlterField(
                    model_name="piece",
                    name="essais",
                    field=models.PositiveSmallIntegerField(default=0, verbose_name="essais d’analyse"),
                ),
                migrations.AlterField(
                    model_name="piece",
                    name="expire_le",
                    field=models.DateTimeField(null=True, verbose_name="disponible jusqu’au"),
                ),
                migrations.AlterField(
                    model_name="piece",
                    name="moteur",
                    field=models.CharField(blank=True, max_length=80, verbose_name="moteur d’analyse"),
                ),
                migrations.AlterField(
                    model_name="piece",
                    name="origine",
                    field=models.CharField(
                        choices=[
                            ("partenaire", "Structure"),
                            ("caisse", "Caisse"),
                            ("convention", "Document d’une convention"),
                        ],
                        default="partenaire",
                        max_length=10,
                        verbose_name="origine",
                    ),
                ),
            ]
        )
    ]
