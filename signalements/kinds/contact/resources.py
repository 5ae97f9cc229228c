"""Where the answer may already be: the resources of each object of a question."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from caisses.enums import ListeMotifs
from caisses.models import Caisse, Ressource
from signalements.queries.referentiel import motifs_of


@dataclass(frozen=True)
class RessourcesObjet:
    """An object and what to look at first."""

    objet: str
    ressources: list[Ressource]


def resources_by_object(caisse: Caisse) -> list[RessourcesObjet]:
    """The objects that have resources today, in the order of the list; the caisse's own replaces a national one."""
    rows: Iterable[Any] = (
        Ressource.objects.valid_on(caisse.today()).for_caisse(caisse).order_by("ordre", "libelle", "pk")
    )
    chosen: dict[str, Ressource] = {}
    for row in rows:
        known = chosen.get(row.code)
        if known is None or known.caisse_id is None:
            chosen[row.code] = row
    found = [
        RessourcesObjet(motif.libelle, [row for row in chosen.values() if motif.code in row.objets])
        for motif in motifs_of(caisse, ListeMotifs.OBJET_CONTACT)[ListeMotifs.OBJET_CONTACT.value]
    ]
    return [one for one in found if one.ressources]
