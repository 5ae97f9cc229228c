import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("caisses", "0012_apostrophes_des_libelles"),
        ("partners", "0006_apostrophes_des_libelles"),
        ("signalements", "0026_apostrophes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelOptions(
                    name="lignelot",
                    options={
                        "ordering": ["lot", "id"],
                        "verbose_name": "ligne d’un traitement par lot",
                        "verbose_name_plural": "lignes des traitements par lot",
                    },
                ),
                migrations.AlterModelOptions(
                    name="poseetiquette",
                    options={
                        "ordering": ["demande", "etiquette"],
                        "verbose_name": "étiquette d’une demande",
                        "verbose_name_plural": "étiquettes des demandes",
                    },
                ),
                migrations.AlterModelOptions(
                    name="suiveur",
                    options={
                        "ordering": ["depuis", "id"],
                        "verbose_name": "suivi d’une demande",
                        "verbose_name_plural": "suivis des demandes",
                    },
                ),
                migrations.AlterField(
                    model_name="complement",
                    name="cle",
                    field=models.UUIDField(default=uuid.uuid4, verbose_name="clé d’envoi"),
                ),
                migrations.AlterField(
                    model_name="contact",
                    name="cle",
                    field=models.UUIDField(default=uuid.uuid4, verbose_name="clé d’envoi"),
                ),
                migrations.AlterField(
                    model_name="decisionretenue",
                    name="raison",
                    field=models.CharField(
                        blank=True, max_length=300, verbose_name="pourquoi elle n’est pas partie"
                    ),
                ),
                migrations.AlterField(
                    model_name="demande",
                    name="accord_mode",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("PRESENCE", "En présence"),
                            ("TELEPHONE", "Par téléphone"),
                            ("ECRIT", "Par écrit signé"),
                            ("REPRESENTANT", "Par son représentant légal"),
                        ],
                        max_length=12,
                        verbose_name="mode de l’accord",
                    ),
                ),
                migrations.AlterField(
                    model_name="demande",
                    name="jours_attente",
                    field=models.PositiveSmallIntegerField(
                        default=0, verbose_name="jours d’attente de la structure"
                    ),
                ),
                migrations.AlterField(
                    model_name="demande",
                    name="motif_issue",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="caisses.motif",
                        verbose_name="motif de l’issue",
                    ),
                ),
                migrations.AlterField(
                    model_name="demande",
                    name="motif_urgence",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="caisses.motif",
                        verbose_name="motif d’urgence",
                    ),
                ),
                migrations.AlterField(
                    model_name="lignelot",
                    name="raison",
                    field=models.CharField(blank=True, max_length=300, verbose_name="raison de l’échec"),
                ),
                migrations.AlterField(
                    model_name="lot",
                    name="cle",
                    field=models.UUIDField(default=uuid.uuid4, verbose_name="clé d’envoi"),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="cle",
                    field=models.UUIDField(default=uuid.uuid4, verbose_name="clé d’envoi"),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="lu_le",
                    field=models.DateTimeField(null=True, verbose_name="lu par l’autre côté le"),
                ),
                migrations.AlterField(
                    model_name="noteinterne",
                    name="cle",
                    field=models.UUIDField(default=uuid.uuid4, verbose_name="clé d’envoi"),
                ),
                migrations.AlterField(
                    model_name="personne",
                    name="nom_usage",
                    field=models.CharField(blank=True, max_length=100, verbose_name="nom d’usage"),
                ),
                migrations.AlterField(
                    model_name="statistiquearretee",
                    name="jusqua",
                    field=models.DateField(verbose_name="premier jour qui n’est pas compté"),
                ),
                migrations.AlterField(
                    model_name="vueenregistree",
                    name="cle",
                    field=models.UUIDField(default=uuid.uuid4, verbose_name="clé d’envoi"),
                ),
                migrations.AlterConstraint(
                    model_name="demande",
                    name="demande_envoyee",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("statut__in", ["BROUILLON", "ANNULEE"]),
                            models.Q(("delai_jours__isnull", False), ("envoyee_le__isnull", False)),
                            _connector="OR",
                        ),
                        name="demande_envoyee",
                        violation_error_message="Une demande envoyée porte sa date d’envoi et son délai.",
                    ),
                ),
                migrations.AlterConstraint(
                    model_name="demande",
                    name="demande_information",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("statut__in", ["BROUILLON", "ANNULEE"]),
                            ("information_donnee", True),
                            ("sans_personne", True),
                            _connector="OR",
                        ),
                        name="demande_information",
                        violation_error_message="La personne est informée avant l’envoi (annexe, art. 5).",
                    ),
                ),
            ]
        )
    ]
