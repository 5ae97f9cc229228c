"""A pièce may be expected of a demande that was sent as something else; a period may end by a change of service."""

from django.db import migrations, models

from portal.indexes import AddCheck

ETATS = [
    ("PRESENTE", "Présente"),
    ("MANQUANTE", "Manquante"),
    ("NON_CONCERNEE", "Non concernée"),
    ("ATTENDUE", "À joindre"),
]
FINS = [
    ("RETOUR", "Retour pour incomplétude"),
    ("DECISION", "Décision"),
    ("ANNULATION", "Annulation par la structure"),
    ("REORIENTEE", "Changement de service"),
]


class Migration(migrations.Migration):
    # The check is read row by row without a lock.
    atomic = False

    dependencies = [("dossier", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="piecedossier",
            name="etat",
            field=models.CharField("état", choices=ETATS, max_length=14),
        ),
        migrations.AlterField(
            model_name="periode",
            name="fin",
            field=models.CharField("fin", blank=True, choices=FINS, max_length=10),
        ),
        migrations.RemoveConstraint(model_name="piecedossier", name="piece_dossier_raison"),
        AddCheck(
            model_name="piecedossier",
            constraint=models.CheckConstraint(
                condition=models.Q(("etat__in", ["PRESENTE", "ATTENDUE"]), ("raison__isnull", False), _connector="OR"),
                name="piece_dossier_raison",
                violation_error_message="Une pièce manquante ou non concernée porte une raison.",
            ),
        ),
    ]
