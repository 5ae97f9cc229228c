"""The reference lists as a caisse's partners see them today."""

from collections import defaultdict

from django.db.models import Q

from caisses.enums import Fonction, ListeMotifs
from caisses.models import Caisse, Motif, TypePiece
from portal.compiled import CompiledQuery, Holds, IsAnyOf, Slot

_MOTIFS: CompiledQuery[Motif] = CompiledQuery(
    lambda: (
        Motif.objects.filter(IsAnyOf("liste", Slot("listes")))
        .valid_on(Slot("jour"))
        .for_caisse(Slot("caisse"))
        .order_by("liste", "ordre", "libelle", "pk")
    )
)
_TYPES: CompiledQuery[TypePiece] = CompiledQuery(
    lambda: (
        TypePiece.objects.filter(Holds("fonctions", Slot("fonction")))
        .filter(Q(valide_du__isnull=True) | Q(valide_du__lte=Slot("jour")))
        .filter(Q(valide_au__isnull=True) | Q(valide_au__gte=Slot("jour")))
        .filter(Q(caisse__isnull=True) | Q(caisse=Slot("caisse")))
        .order_by("ordre", "libelle", "pk")
    )
)


def motifs_of(caisse: Caisse, *listes: ListeMotifs) -> dict[str, list[Motif]]:
    """The entries in force of these lists, by list; the caisse's own word replaces the national one of its code."""
    rows = _MOTIFS.all(listes=[liste.value for liste in listes], jour=caisse.today(), caisse=caisse.pk)
    chosen: dict[str, dict[str, Motif]] = defaultdict(dict)
    for motif in rows:
        known = chosen[motif.liste].get(motif.code)
        if known is None or known.caisse_id is None:
            chosen[motif.liste][motif.code] = motif
    return {liste.value: list(chosen[liste.value].values()) for liste in listes}


def types_pieces_of(caisse: Caisse, fonction: Fonction | str) -> list[TypePiece]:
    """The kinds of pièce that may be joined to this kind of demande today."""
    rows = _TYPES.all(fonction=str(fonction), jour=caisse.today(), caisse=caisse.pk)
    chosen: dict[str, TypePiece] = {}
    for kind in rows:
        known = chosen.get(kind.code)
        if known is None or known.caisse_id is None:
            chosen[kind.code] = kind
    return list(chosen.values())
