"""Reads of the dossiers: their rules and expected pièces today, their household, checklist and periods."""

from calendar import monthrange
from datetime import date
from typing import Any

from django.core.cache import cache

from caisses.models import Caisse
from portal.compiled import CompiledQuery, Slot
from signalements.kinds.dossier.models import Membre, Periode, PieceAttendue, PieceDossier, RegleDossier
from signalements.models import Demande

KEPT_SECONDS = 30


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
