from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("caisses", "0011_maintenance"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="usagemodele",
                    options={
                        "verbose_name": "usage d’un modèle",
                        "verbose_name_plural": "usages des modèles",
                    },
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="abandon_brouillon",
                    field=models.PositiveSmallIntegerField(
                        default=30, verbose_name="suppression d’un brouillon (jours)"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="ame_premiere_transmissible",
                    field=models.BooleanField(
                        default=False, verbose_name="première demande d’AME transmissible"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="delai_contact",
                    field=models.PositiveSmallIntegerField(
                        default=2, verbose_name="délai d’un message (jours ouvrés)"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="delai_document",
                    field=models.PositiveSmallIntegerField(
                        default=5, verbose_name="délai d’un document (jours ouvrés)"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="delai_dossier",
                    field=models.PositiveSmallIntegerField(
                        default=30, verbose_name="délai d’un dossier (jours calendaires)"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="delai_habilitation",
                    field=models.PositiveSmallIntegerField(
                        db_default=5, default=5, verbose_name="habilitation d’un gestionnaire (jours ouvrés)"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="delai_rendez_vous",
                    field=models.PositiveSmallIntegerField(
                        default=3, verbose_name="première proposition d’un rendez-vous (jours ouvrés)"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="delai_saisine",
                    field=models.PositiveSmallIntegerField(
                        default=5, verbose_name="premier contact d’une saisine (jours ouvrés)"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="delai_urgence",
                    field=models.PositiveSmallIntegerField(
                        default=1, verbose_name="délai d’une urgence (jours ouvrés)"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="equipe_mas_courriel",
                    field=models.EmailField(
                        blank=True,
                        max_length=254,
                        verbose_name="adresse électronique de l’équipe des saisines",
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="nom_agent_visible",
                    field=models.BooleanField(
                        default=False, verbose_name="nom de l’agent visible du partenaire"
                    ),
                ),
                migrations.AlterField(
                    model_name="caisse",
                    name="rappel_complement",
                    field=models.PositiveSmallIntegerField(
                        default=15, verbose_name="rappel d’un complément demandé (jours calendaires)"
                    ),
                ),
                migrations.AlterField(
                    model_name="motif",
                    name="valide_au",
                    field=models.DateField(blank=True, null=True, verbose_name="valable jusqu’au"),
                ),
                migrations.AlterField(
                    model_name="ressource",
                    name="valide_au",
                    field=models.DateField(blank=True, null=True, verbose_name="valable jusqu’au"),
                ),
                migrations.AlterField(
                    model_name="typepiece",
                    name="valide_au",
                    field=models.DateField(blank=True, null=True, verbose_name="valable jusqu’au"),
                ),
            ]
        )
    ]
