"""How many demandes each tab of the technicien holds, and how many wait for the structure."""

from functools import cache
from typing import Any

from django.db import connection

from accounts.memberships import Membership
from caisses.enums import Fonction
from portal import clock
from portal.compiled import Statement
from portal.counts import COUNT_LIMIT
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, STATUTS_CLOS
from signalements.queries.partner import OLD_DRAFT, SLOTS, waiting_by_kind, without_history

# The same conditions as in `partner`, written once by hand: every page of a technicien asks for these numbers, all in
# one query.
_MINE = "SELECT 1 FROM signalements_demande d WHERE d.partenaire_id = %(partenaire)s"
_OPEN = "d.caisse_id = ANY(%(caisses)s)"
_UNREAD = (
    "SELECT m.demande_id FROM signalements_message m "
    "WHERE m.partenaire_id = %(partenaire)s AND m.cote = 'CAISSE' AND m.lu_le IS NULL"
)
_KEPT = "(d.a_reprendre_le IS NULL OR d.statut IN ('TRAITEE', 'ANNULEE'))"
_PARTS = {
    "a-completer": f"{_MINE} AND {_OPEN} AND d.statut = 'A_COMPLETER' AND {_KEPT}",
    "vieux-brouillons": f"{_MINE} AND d.statut = 'BROUILLON' AND d.modifiee_le < %(vieux)s AND {_KEPT}",
    "non-lues": f"{_MINE} AND {_OPEN} AND d.statut NOT IN ('A_COMPLETER', 'BROUILLON') AND {_KEPT} "
    f"AND d.id IN ({_UNREAD})",
    "a-reprendre": f"{_MINE} AND ({_OPEN} OR d.statut = 'BROUILLON') AND d.a_reprendre_le IS NOT NULL "
    "AND d.statut NOT IN ('TRAITEE', 'ANNULEE')",
}
_TABS = {
    "en-cours": f"{_MINE} AND {_OPEN} AND d.statut = ANY(%(chez_la_caisse)s)",
    "traitees": f"{_MINE} AND d.caisse_id = ANY(%(historique)s) AND d.statut = ANY(%(clos)s)",
    "brouillons": f"{_MINE} AND d.statut = 'BROUILLON'",
    "toutes": f"{_MINE} AND ({_OPEN} OR d.statut = 'BROUILLON')",
}
_LISTED = "(d.caisse_id = ANY(%(historique)s) OR d.statut <> ALL(%(clos)s))"


@cache
def _parts() -> dict[str, str]:
    """The parts of what waits for the structure: those above, and what the kinds add, written by the ORM once."""
    found = dict(_PARTS)
    for number, rows in enumerate(waiting_by_kind(SLOTS)):
        found[f"attend-{number}"] = Statement.of(
            *rows.order_by().values("pk").query.sql_with_params()
        ).named()
    return found


def tab_counts(membership: Membership) -> dict[str, int]:
    """How many demandes each tab holds, up to « plus de 1 000 », in one query."""
    tabs = _TABS
    if without_history(membership):
        tabs = {**_TABS, "toutes": f"{_TABS['toutes']} AND {_LISTED}"}
    counts = _counts(membership, {**_parts(), **tabs})
    return {"a-faire": _to_do_total(counts), **{code: counts[code] for code in _TABS}}


def to_do_count(membership: Membership) -> int:
    """How many demandes wait for the structure."""
    return _to_do_total(_counts(membership, _parts()))


def _to_do_total(counts: dict[str, int]) -> int:
    return min(sum(counts[code] for code in _parts()), COUNT_LIMIT)


def _counts(membership: Membership, selects: dict[str, str]) -> dict[str, int]:
    # Constants of this module; every value stays a parameter.
    limited = (f"(SELECT count(*) FROM ({sql} LIMIT %(limite)s) t)" for sql in selects.values())  # noqa: S608
    params: dict[str, Any] = {
        "partenaire": membership.structure.pk,
        "caisses": membership.caisses_ouvertes,
        "historique": membership.caisses_avec(Fonction.HISTORIQUE),
        "vieux": clock.now() - OLD_DRAFT,
        "chez_la_caisse": sorted(STATUTS_CHEZ_LA_CAISSE),
        "clos": sorted(STATUTS_CLOS),
        "limite": COUNT_LIMIT,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(limited)}", params)
        return dict(zip(selects, cursor.fetchone(), strict=True))
