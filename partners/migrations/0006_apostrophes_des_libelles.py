import django.contrib.postgres.fields
import django.core.validators
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Labels with the typographic apostrophe: words only, nothing for the database to do."""

    dependencies = [
        ("caisses", "0012_apostrophes_des_libelles"),
        ("partners", "0005_apostrophes"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="changementreferent",
                    name="cle",
                    field=models.UUIDField(default=uuid.uuid4, unique=True, verbose_name="clé d’envoi"),
                ),
                migrations.AlterField(
                    model_name="convention",
                    name="date_effet",
                    field=models.DateField(blank=True, null=True, verbose_name="date d’effet"),
                ),
                migrations.AlterField(
                    model_name="convention",
                    name="rappel_jours",
                    field=models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        editable=False,
                        verbose_name="dernier rappel avant l’échéance (jours)",
                    ),
                ),
                migrations.AlterField(
                    model_name="modeleconvention",
                    name="exemplaires",
                    field=models.PositiveSmallIntegerField(default=2, verbose_name="nombre d’exemplaires"),
                ),
                migrations.AlterField(
                    model_name="modeleconvention",
                    name="valide_au",
                    field=models.DateField(blank=True, null=True, verbose_name="valable jusqu’au"),
                ),
                migrations.AlterField(
                    model_name="partenaire",
                    name="domaines_autorises",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="domaines d’adresses électroniques autorisés",
                    ),
                ),
                migrations.AlterField(
                    model_name="partenaire",
                    name="nombre_membres",
                    field=models.PositiveIntegerField(
                        help_text="Fixe le nombre de gestionnaires (art. 2.2.1)\xa0: 2 jusqu’à 10, 3 jusqu’à 25, 5 au-delà.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="nombre de membres",
                    ),
                ),
                migrations.AlterField(
                    model_name="texteconvention",
                    name="exemplaires",
                    field=models.PositiveSmallIntegerField(default=2, verbose_name="nombre d’exemplaires"),
                ),
                migrations.AlterConstraint(
                    model_name="convention",
                    name="convention_reference_unique",
                    constraint=models.UniqueConstraint(
                        fields=("caisse", "reference"),
                        name="convention_reference_unique",
                        violation_error_message="Cette référence est déjà celle d’une autre convention.",
                    ),
                ),
                migrations.AlterConstraint(
                    model_name="convention",
                    name="convention_dates",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("date_fin__isnull", True),
                            ("date_fin__gte", models.F("date_effet")),
                            _connector="OR",
                        ),
                        name="convention_dates",
                        violation_error_message="La fin ne peut pas précéder la date d’effet.",
                    ),
                ),
                migrations.AlterConstraint(
                    model_name="convention",
                    name="convention_adossee",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("adossee_a__isnull", False), ("nature", "UTILISATION")),
                            models.Q(
                                models.Q(("nature", "UTILISATION"), _negated=True),
                                ("adossee_a__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="convention_adossee",
                        violation_error_message="Une convention d’utilisation s’adosse à une convention métier, et elle seule.",
                    ),
                ),
                migrations.AlterConstraint(
                    model_name="convention",
                    name="convention_fonctions",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("nature", "UTILISATION"), ("fonctions", []), _connector="OR"),
                        name="convention_fonctions",
                        violation_error_message="Seule une convention d’utilisation active des fonctions.",
                    ),
                ),
                migrations.AlterConstraint(
                    model_name="convention",
                    name="convention_active_datee",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("etat__in", ("ACTIVE", "EN_DEMEURE", "SUSPENDUE")), _negated=True),
                            ("date_effet__isnull", False),
                            _connector="OR",
                        ),
                        name="convention_active_datee",
                        violation_error_message="Une convention active a une date d’effet.",
                    ),
                ),
            ]
        )
    ]
