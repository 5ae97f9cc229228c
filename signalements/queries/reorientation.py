"""Where else a demande may go: another service, another team, another caisse."""

from typing import Any

from caisses.models import Caisse, Equipe
from partners.models import Convention
from portal.tenancy import scope
from signalements.kinds.registry import Kind, kind_of, kinds
from signalements.models import Demande


def teams_offered(demande: Demande) -> list[Equipe]:
    """The other active teams of the caisse that handle this kind of demande."""
    rows = Equipe.objects.handling(demande.caisse_id, demande.fonction).order_by("ordre", "nom", "pk")
    return [team for team in rows if team.pk != demande.equipe_id]


def kinds_offered(demande: Demande) -> list[Kind]:
    """The other services the convention opens today and that can be made of what the demande holds.

    None for a kind that holds something elsewhere (a slot): its own acts end that first.
    """
    if kind_of(demande).unsend is not None:
        return []
    convention = demande.convention
    convention.caisse = demande.caisse
    if not convention.opens_on(demande.caisse.today()):
        return []
    others = [kind for kind in kinds().values() if kind.fonction != demande.fonction]
    return [
        kind
        for kind in others
        if kind.fonction in convention.fonctions_ouvertes and row_for(kind, demande) is not None
    ]


def row_for(kind: Kind, demande: Demande) -> Any | None:
    """The row a demande would have in a kind: the one it had before, or one made of what there is; None when it
    cannot be made."""
    had = getattr(demande, kind.relation, None)
    if had is not None:
        return had
    return kind.from_other(demande) if kind.from_other is not None else None


def caisses_offered(demande: Demande) -> list[Caisse]:
    """The other caisses where the structure may send this kind of demande today.

    Read beyond the caisse's own conventions: which caisses, and nothing else of those conventions, leaves here.
    """
    if not kind_of(demande).se_transfere:
        return []
    return [convention.caisse for convention in _conventions(demande)]


def convention_at(demande: Demande, caisse_id: int) -> Convention | None:
    """The convention that lets this demande go to a caisse today, if there is one."""
    return next((one for one in _conventions(demande) if one.caisse_id == caisse_id), None)


def _conventions(demande: Demande) -> list[Convention]:
    with scope("systeme"):
        rows = (
            Convention.objects.utilisations()
            .filter(partenaire_id=demande.partenaire_id, partenaire__suspendu_le__isnull=True)
            .exclude(caisse_id=demande.caisse_id)
            .order_by("caisse__nom")
        )
        return [
            one
            for one in rows
            if one.opens_on(one.caisse.today()) and demande.fonction in one.fonctions_ouvertes
        ]
