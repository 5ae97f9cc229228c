"""The words of the reference lists."""

from typing import Any

from django.core.cache import cache
from django.db.models import Q

from accounts.memberships import Membership
from caisses.enums import ListeMotifs
from caisses.models import Caisse, Motif
from portal.compiled import Holds, Slot
from signalements.kinds.registry import MotifLabels, kinds
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


MotifGroups = list[tuple[str, list[tuple[str, str]]]]
"""(service, [(value, label)]): what a list may be narrowed to, kind by kind."""


def motifs_to_search(membership: Membership) -> MotifGroups:
    """The motifs of the demandes a structure may send, expired ones too. Read again at most every 30 seconds."""
    caisses = sorted(membership.caisses_ouvertes)
    opened = [kind for kind in kinds().values() if membership.caisses_avec(kind.fonction)]
    key = f"motifs_cherches:{caisses}:{[kind.slug for kind in opened]}".replace(" ", "")
    found: MotifGroups | None = cache.get(key)
    if found is None:
        found = [
            (kind.nom, [(f"{kind.slug}.{code}", label) for code, label in kind.cherche.mots(caisses).items()])
            for kind in opened
        ]
        cache.set(key, found, KEPT_SECONDS)
    return found


def of_motif(fonction: str, motif: str | Slot) -> Q:
    """The demandes of a kind sent for this motif; a draft has none yet."""
    cherche = kinds()[fonction].cherche
    named: Any = Holds(cherche.champ, motif) if cherche.plusieurs else Q(**{cherche.champ: motif})
    return Q(named, fonction=fonction)
