"""The chronology of a demande, whole or narrowed to its messages, its steps or its files (ecrans.md §B.2-9)."""

from collections.abc import Callable, Sequence

from django.http import HttpRequest

from signalements.queries.detail import Ligne

Onglet = tuple[str, str, bool, int]
MONTRER = "montrer"
MESSAGE = "message"
FEW = 3
"""Lines that are read at a glance: nothing to narrow."""
VUES: dict[str, tuple[str, Callable[[Ligne], bool]]] = {
    "": ("Tout", lambda ligne: True),
    "messages": ("Messages", lambda ligne: ligne.nature == MESSAGE),
    "etapes": ("Étapes", lambda ligne: ligne.nature != MESSAGE),
    "fichiers": ("Fichiers", lambda ligne: bool(ligne.fichiers)),
}


def narrowed(request: HttpRequest, lignes: Sequence[Ligne]) -> tuple[list[Ligne], list[Onglet]]:
    """The lines the address asks for, and the tabs that lead to the others; what is not offered shows everything."""
    chosen = request.GET.get(MONTRER, "")
    kept = {code: [ligne for ligne in lignes if keeps(ligne)] for code, (_, keeps) in VUES.items()}
    if not kept.get(chosen):
        chosen = ""
    if len(lignes) <= FEW:
        return list(lignes), []
    query = request.GET.copy()
    tabs = []
    for code, found in kept.items():
        if found:
            query[MONTRER] = code
            tabs.append((VUES[code][0], f"?{query.urlencode()}#chronologie", code == chosen, len(found)))
    return kept[chosen], tabs
