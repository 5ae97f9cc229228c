"""The words of the reference lists."""

from django.core.cache import cache

from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif
from signalements.kinds.registry import MotifLabels
from signalements.queries.referentiel import motifs_of

KEPT_SECONDS = 30


def motif_labels(caisse: Caisse) -> MotifLabels:
    """The label of every motif a demande of this caisse may name, expired ones too.

    A caisse's own entry wins over the national one. Read again at most every 30 seconds.
    """
    key = f"motifs:{caisse.pk}"
    found: MotifLabels | None = cache.get(key)
    if found is None:
        rows = (
            Motif.objects.for_caisse(caisse)
            .order_by("caisse_id")
            .values_list("liste", "code", "libelle", "caisse")
        )
        own: MotifLabels = {}
        national: MotifLabels = {}
        for liste, code, libelle, of_caisse in rows:
            (own if of_caisse else national)[liste, code] = libelle
        found = national | own
        cache.set(key, found, KEPT_SECONDS)
    return found


def absences_of(caisse: Caisse) -> list[Motif]:
    """Why a pièce that is asked may be missing, in the order of the list. Read again at most every 30 seconds."""
    key = f"absences:{caisse.pk}"
    found: list[Motif] | None = cache.get(key)
    if found is None:
        liste = ListeMotifs.ABSENCE_PIECE
        found = motifs_of(caisse, liste)[liste.value]
        cache.set(key, found, KEPT_SECONDS)
    return found
