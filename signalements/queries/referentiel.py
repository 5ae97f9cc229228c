"""The reference lists as a caisse's partners see them today."""

from collections import defaultdict

from django.db.models import Q

from caisses.enums import Fonction, ListeMotifs
from caisses.models import Caisse, Motif, TypePiece


def motifs_of(caisse: Caisse, *listes: ListeMotifs) -> dict[str, list[Motif]]:
    """The entries in force of these lists, by list; the caisse's own word replaces the national one of its code."""
    rows = (
        Motif.objects.filter(liste__in=[liste.value for liste in listes])
        .valid_on(caisse.today())
        .for_caisse(caisse)
        .order_by("liste", "ordre", "libelle", "pk")
    )
    chosen: dict[str, dict[str, Motif]] = defaultdict(dict)
    for motif in rows:
        known = chosen[motif.liste].get(motif.code)
        if known is None or known.caisse_id is None:
            chosen[motif.liste][motif.code] = motif
    return {liste.value: list(chosen[liste.value].values()) for liste in listes}


def types_pieces_of(caisse: Caisse, fonction: Fonction | str) -> list[TypePiece]:
    """The kinds of pièce that may be joined to this kind of demande today."""
    rows = TypePiece.objects.filter(
        Q(valide_du__isnull=True) | Q(valide_du__lte=caisse.today()),
        Q(valide_au__isnull=True) | Q(valide_au__gte=caisse.today()),
        Q(caisse__isnull=True) | Q(caisse=caisse),
        fonctions__contains=[str(fonction)],
    ).order_by("ordre", "libelle", "pk")
    chosen: dict[str, TypePiece] = {}
    for kind in rows:
        known = chosen.get(kind.code)
        if known is None or known.caisse_id is None:
            chosen[kind.code] = kind
    return list(chosen.values())
