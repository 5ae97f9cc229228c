"""The catalogue as one structure finds it with one caisse today."""

from collections.abc import Iterable
from typing import Any

from caisses.models import Caisse
from documents.enums import ModeRemise
from documents.models import EntreeCatalogue
from partners.models import Convention, Partenaire


def entries_of(caisse: Caisse, partenaire: Partenaire) -> list[EntreeCatalogue]:
    """What this structure may ask this caisse for today, in order; the caisse's own entry replaces the national one."""
    rows: Iterable[Any] = (
        EntreeCatalogue.objects.valid_on(caisse.today()).for_caisse(caisse).order_by("ordre", "libelle", "pk")
    )
    chosen: dict[str, EntreeCatalogue] = {}
    for row in rows:
        known = chosen.get(row.code)
        if known is None or known.caisse_id is None:
            chosen[row.code] = row
    allowed = [
        row
        for row in chosen.values()
        if not row.types_partenaires or partenaire.type in row.types_partenaires
    ]
    return sorted(allowed, key=lambda row: (row.ordre, row.libelle))


def may_receive(partenaire_id: int, caisse: Caisse) -> bool:
    """Whether a caisse may give documents to a structure today: its convention carries the right (art. 1.3, 5)."""
    rows = Convention.objects.utilisations().filter(
        partenaire_id=partenaire_id, caisse_id=caisse.pk, documents_sortants=True
    )
    return any(convention.opens_on(caisse.today()) for convention in rows)


def modes_of(entree: EntreeCatalogue, *, sortants: bool) -> list[ModeRemise]:
    """How a document may be given; the portal only where documents may go out."""
    return [ModeRemise(mode) for mode in entree.modes if mode != ModeRemise.PORTAIL or sortants]
