from datetime import date

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Case, DateField, F, Q, Value, When
from django.db.models.functions import Coalesce

RANG = Coalesce(
    Case(When(promesse_tenue_le__isnull=True, then=F("echeance"))), Value(date(9999, 12, 31), DateField())
)


class Migration(migrations.Migration):
    """The workload of a caisse is counted from one index, without reading its demandes."""

    atomic = False

    dependencies = [("signalements", "0018_ordre_de_la_file")]

    operations = [
        AddIndexConcurrently(
            model_name="demande",
            index=models.Index(
                "caisse",
                "assignee_a",
                F("urgente").desc(),
                RANG,
                "id",
                include=(
                    "echeance",
                    "envoyee_le",
                    "promesse_tenue_le",
                    "statut",
                    "equipe",
                    "partenaire",
                    "fonction",
                ),
                name="demande_charge",
                condition=Q(statut__in=["A_COMPLETER", "COMPLETEE", "ENVOYEE", "EN_COURS"]),
            ),
        ),
        RemoveIndexConcurrently(model_name="demande", name="demande_assignee_rang"),
    ]
