"""Where else a demande may go: another service, another team, another caisse."""

from dataclasses import dataclass
from typing import Any

from django import forms

from caisses.models import Caisse, Equipe
from partners.models import Convention
from portal.tenancy import scope
from signalements.kinds.registry import Kind, kind_of, kinds
from signalements.models import Demande


@dataclass(frozen=True)
class KindOffered:
    """A service a demande may become one of, and the fields the agent fills in for it."""

    kind: Kind
    choix: dict[str, forms.Field]


def teams_offered(demande: Demande) -> list[Equipe]:
    """The other active teams of the caisse that handle this kind of demande."""
    rows = Equipe.objects.handling(demande.caisse_id, demande.fonction).order_by("ordre", "nom", "pk")
    return [team for team in rows if team.pk != demande.equipe_id]


def kinds_offered(demande: Demande) -> list[KindOffered]:
    """The other services the convention opens today and that can be made of this demande, with what the agent chooses.

    None for a demande that cannot leave its kind (`Mouvement.reste`).
    """
    if kind_of(demande).mouvement.reste(demande):
        return []
    convention = demande.convention
    convention.caisse = demande.caisse
    if not convention.opens_on(demande.caisse.today()):
        return []
    others = [kind for kind in kinds().values() if kind.fonction != demande.fonction]
    found = []
    for kind in others:
        choix = _choices(kind, demande) if kind.fonction in convention.fonctions_ouvertes else None
        if choix is not None:
            found.append(KindOffered(kind, choix))
    return found


def _choices(kind: Kind, demande: Demande) -> dict[str, forms.Field] | None:
    """Nothing to choose for a service the demande was of before: its row is there."""
    return {} if former_row(kind, demande) is not None else kind.mouvement.choix(demande)


def former_row(kind: Kind, demande: Demande) -> Any | None:
    """The row a demande had in a kind before, if it was of it."""
    return getattr(demande, kind.relation, None)


def caisses_offered(demande: Demande) -> list[Caisse]:
    """The other caisses where the structure may send this demande today, and that take it.

    Read beyond the caisse's own conventions: which caisses, and nothing else of those conventions, leaves here.
    """
    with scope("systeme"):
        return [
            convention.caisse
            for convention in _conventions(demande)
            if row_elsewhere(demande, convention) is not None
        ]


def convention_at(demande: Demande, caisse_id: int) -> Convention | None:
    """The convention that lets this demande go to a caisse today, if there is one."""
    return next((one for one in _conventions(demande) if one.caisse_id == caisse_id), None)


def row_elsewhere(demande: Demande, convention: Convention) -> Any | None:
    """The row of its kind as the caisse of a convention takes it, not saved; None when it does not. As the system."""
    ailleurs = kind_of(demande).mouvement.ailleurs
    return ailleurs(demande, convention.caisse) if ailleurs is not None else None


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
