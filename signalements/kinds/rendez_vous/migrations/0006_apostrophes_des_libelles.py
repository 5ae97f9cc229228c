import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("rendez_vous", "0005_propositions_a_compter"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="dossierseance",
                    options={
                        "ordering": ["numero", "id"],
                        "verbose_name": "dossier d’une permanence",
                        "verbose_name_plural": "dossiers des permanences",
                    },
                ),
                migrations.AlterModelOptions(
                    name="etaperendezvous",
                    options={
                        "ordering": ["le", "id"],
                        "verbose_name": "étape d’un rendez-vous",
                        "verbose_name_plural": "étapes des rendez-vous",
                    },
                ),
                migrations.AlterModelOptions(
                    name="fluxagenda",
                    options={"verbose_name": "flux d’agenda", "verbose_name_plural": "flux d’agenda"},
                ),
                migrations.AlterField(
                    model_name="fluxagenda",
                    name="heure",
                    field=models.DateTimeField(null=True, verbose_name="début de l’heure comptée"),
                ),
                migrations.AlterField(
                    model_name="fluxagenda",
                    name="lectures",
                    field=models.PositiveIntegerField(default=0, verbose_name="lectures dans l’heure"),
                ),
                migrations.AlterField(
                    model_name="motifrendezvous",
                    name="valide_au",
                    field=models.DateField(blank=True, null=True, verbose_name="valable jusqu’au"),
                ),
                migrations.AlterField(
                    model_name="plagehoraire",
                    name="duree",
                    field=models.PositiveSmallIntegerField(
                        default=30, verbose_name="durée d’un créneau (minutes)"
                    ),
                ),
                migrations.AlterField(
                    model_name="plagehoraire",
                    name="publiee_jusqu_au",
                    field=models.DateField(
                        editable=False, null=True, verbose_name="créneaux publiés jusqu’au"
                    ),
                ),
                migrations.AlterField(
                    model_name="rendezvous",
                    name="besoins",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ACCES_FAUTEUIL", "Un accès de plain-pied ou en fauteuil"),
                                ("LSF", "Un interprète en langue des signes"),
                                ("BOUCLE_AUDITIVE", "Une boucle auditive, ou parler face à la personne"),
                                ("LECTURE", "Des documents lus à voix haute ou en gros caractères"),
                                ("TEMPS", "Un entretien plus long"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="besoins d’accueil",
                    ),
                ),
            ]
        )
    ]
