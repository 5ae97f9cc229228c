from datetime import date

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Case, DateField, F, Q, Value, When
from django.db.models.functions import Coalesce

RANG = Coalesce(
    Case(When(promesse_tenue_le__isnull=True, then=F("echeance"))), Value(date(9999, 12, 31), DateField())
)


class Migration(migrations.Migration):
    """The queues are sorted by what is still promised: nobody waits, and each index is there before the old one goes."""

    atomic = False

    dependencies = [("signalements", "0017_file")]

    operations = [
        AddIndexConcurrently(
            model_name="demande",
            index=models.Index(
                "caisse",
                F("urgente").desc(),
                RANG,
                "id",
                include=("echeance", "envoyee_le", "promesse_tenue_le", "statut"),
                name="demande_file_rang",
                condition=Q(statut__in=["COMPLETEE", "ENVOYEE", "EN_COURS"]),
            ),
        ),
        RemoveIndexConcurrently(model_name="demande", name="demande_file"),
        AddIndexConcurrently(
            model_name="demande",
            index=models.Index(
                "caisse",
                "statut",
                F("urgente").desc(),
                RANG,
                "id",
                include=("echeance", "envoyee_le", "promesse_tenue_le"),
                name="demande_statut_rang",
            ),
        ),
        RemoveIndexConcurrently(model_name="demande", name="demande_caisse_statut"),
        AddIndexConcurrently(
            model_name="demande",
            index=models.Index(
                "caisse",
                "assignee_a",
                F("urgente").desc(),
                RANG,
                "id",
                include=("echeance", "envoyee_le", "promesse_tenue_le"),
                name="demande_assignee_rang",
                condition=Q(statut__in=["A_COMPLETER", "COMPLETEE", "ENVOYEE", "EN_COURS"]),
            ),
        ),
        RemoveIndexConcurrently(model_name="demande", name="demande_assignee"),
    ]
