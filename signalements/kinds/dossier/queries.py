"""Reads of the dossiers: their rules and expected pièces today, their household, checklist and periods."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache

from accounts.memberships import Membership
from caisses.enums import Fonction
from caisses.models import Caisse
from portal import clock
from portal.compiled import CompiledQuery, IsAnyOf, Slot
from signalements.enums import Issue, Statut
from signalements.kinds.dossier.enums import TypeDossier
from signalements.kinds.dossier.models import (
    Dossier,
    Membre,
    Periode,
    PieceAttendue,
    PieceDossier,
    RegleDossier,
)
from signalements.models import Demande

KEPT_SECONDS = 30
MOST_RENEWALS = 20
MOST_NAVETTE = 500


def regles_of(caisse: Caisse) -> dict[str, RegleDossier]:
    """The rule in force of each type today; read again at most every 30 seconds."""
    day = caisse.today()
    key = f"dossier:regles:{day}"
    found: dict[str, RegleDossier] | None = cache.get(key)
    if found is None:
        rules: Any = RegleDossier.objects.valid_on(day).order_by("valide_du", "pk")
        found = {rule.type: rule for rule in rules}
        cache.set(key, found, KEPT_SECONDS)
    return found


def attendues_of(caisse: Caisse, type_dossier: str) -> list[PieceAttendue]:
    """Every pièce a type of dossier may expect today, in order; a caisse's own entry replaces the national one of
    its kind. Read again at most every 30 seconds."""
    day = caisse.today()
    key = f"dossier:attendues:{caisse.pk}:{type_dossier}:{day}"
    found: list[PieceAttendue] | None = cache.get(key)
    if found is None:
        entries: Any = PieceAttendue.objects.filter(type_dossier=type_dossier)
        rows = entries.valid_on(day).for_caisse(caisse).order_by("ordre", "pk")
        chosen: dict[str, PieceAttendue] = {}
        for row in rows.select_related("type_piece"):
            known = chosen.get(row.type_piece.code)
            if known is None or known.caisse_id is None:
                chosen[row.type_piece.code] = row
        found = sorted(chosen.values(), key=lambda row: (row.ordre, row.pk))
        cache.set(key, found, KEPT_SECONDS)
    return found


_MEMBRES = CompiledQuery(lambda: Membre.objects.filter(demande=Slot("demande")).order_by("rang", "pk"))
_PIECES = CompiledQuery(
    lambda: (
        PieceDossier.objects.filter(demande=Slot("demande"))
        .select_related("type_piece", "raison")
        .order_by("rang", "pk")
    )
)
_PERIODES = CompiledQuery(lambda: Periode.objects.filter(demande=Slot("demande")).order_by("rang"))


def membres_of(demande: Demande) -> list[Membre]:
    """The household of a dossier, applicant excluded."""
    return _MEMBRES.all(demande=demande.pk)


def pieces_of(demande: Demande) -> list[PieceDossier]:
    """The checklist of a dossier."""
    return _PIECES.all(demande=demande.pk)


def periodes_of(demande: Demande) -> list[Periode]:
    """The periods of a dossier, oldest first."""
    return _PERIODES.all(demande=demande.pk)


def excluded(rule: RegleDossier | None, caisse: Caisse, departement: str = "") -> str:
    """Why a type of dossier does not exist here; empty when it does."""
    if rule is None:
        return "Ce type de dossier n’est pas ouvert."
    places = {*caisse.departements, departement}
    return rule.raison_exclusion if places & set(rule.departements_exclus) else ""


def months_before(day: date, months: int) -> date:
    """The day so many calendar months before; the last of its month when there is no such day."""
    return add_months(day, -months)


def add_months(day: date, months: int) -> date:
    """The day so many calendar months after; the last of its month when there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_A_RENOUVELER = CompiledQuery(
    lambda: (
        Dossier.objects.filter(
            IsAnyOf("caisse_id", Slot("caisses")),
            partenaire=Slot("partenaire"),
            rappele_le__isnull=False,
            renouvelee=False,
            fin_le__gte=Slot("jour"),
            demande__issue=Issue.ACCORD,
        )
        .select_related("demande", "demande__personne")
        .order_by("fin_le", "pk")[:MOST_RENEWALS]
    )
)


def to_renew(membership: Membership) -> list[Dossier]:
    """The rights the structure was reminded of and has not renewed, the nearest end first; at most 20."""
    caisses = membership.caisses_avec(Fonction.DOSSIER)
    if not caisses:
        return []
    return _A_RENOUVELER.all(caisses=caisses, partenaire=membership.partenaire_id, jour=clock.today())


@dataclass(frozen=True)
class LigneNavette:
    """A dossier of a bordereau navette: never a name, only initials."""

    reference: str
    initiales: str
    type: str
    pieces: str
    envoyee_le: datetime


def navette_rows(
    membership: Membership, caisse: Caisse, start: datetime, end: datetime, kind: str
) -> list[LigneNavette]:
    """The dossiers the structure sent to a caisse from `start` to before `end`, in the order of their sending.

    One more than MOST_NAVETTE tells that the period holds too many.
    """
    rows = Demande.objects.filter(
        partenaire=membership.structure,
        caisse=caisse,
        fonction=Fonction.DOSSIER,
        envoyee_le__gte=start,
        envoyee_le__lt=end,
    ).exclude(statut=Statut.BROUILLON)
    if kind:
        rows = rows.filter(dossier__type=kind)
    read = rows.select_related("personne", "dossier").order_by("envoyee_le", "pk")[: MOST_NAVETTE + 1]
    return [
        LigneNavette(
            reference=row.reference,
            initiales=f"{row.personne.prenom[:1]}. {row.personne.nom_naissance[:1]}.".upper(),
            type=TypeDossier(row.dossier.type).label,
            pieces=f"{row.pieces_presentes or 0}/{row.pieces_attendues or 0}",
            envoyee_le=row.envoyee_le,
        )
        for row in read
        if row.envoyee_le is not None
    ]
