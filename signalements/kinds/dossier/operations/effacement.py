"""What a dossier keeps of persons, and until when."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from signalements.kinds.dossier.models import Dossier, Membre, PieceDossier


def erase(ids: Sequence[int]) -> None:
    """The household, the address, the observations; the type, the pièces asked and the dates stay."""
    Membre.objects.filter(demande__in=ids).delete()
    Dossier.objects.filter(pk__in=ids).update(adresse="", recours="", situations=[])
    PieceDossier.objects.filter(demande__in=ids).update(observation="", langue="")


def while_the_right_runs(today: date) -> Q:
    """A right the structure helped to open is renewed with what its dossier says."""
    return Q(dossier__fin_le__gte=today)
