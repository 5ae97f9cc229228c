from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """The saisine goes to an app of its own, its table stays; a demande may be about nobody.

    Not atomic: the check is added without reading the table, then validated without a lock that blocks anyone.
    """

    atomic = False

    dependencies = [
        ('signalements', '0010_equipe'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='Saisine')]),
        migrations.AddField(
            model_name='demande',
            name='sans_personne',
            field=models.BooleanField(db_default=False, default=False, verbose_name='ne concerne personne'),
        ),
        migrations.RemoveConstraint(model_name='demande', name='demande_information'),
        AddConstraintNotValid(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(('statut__in', ['BROUILLON', 'ANNULEE']), ('information_donnee', True), ('sans_personne', True), _connector='OR'), name='demande_information', violation_error_message="La personne est informée avant l'envoi (annexe, art. 5)."),
        ),
        ValidateConstraint(model_name='demande', name='demande_information'),
    ]
