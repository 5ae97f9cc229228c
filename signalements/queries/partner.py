"""What the technicien's home and lists ask."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from accounts.memberships import Membership
from caisses.enums import Fonction
from portal import clock
from portal.counts import COUNT_LIMIT
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, STATUTS_CLOS, Cote, Statut
from signalements.models import Demande, Message
from signalements.queries.recherche import matching, read_search
from signalements.querysets import DemandeQuerySet

OLD_DRAFT = timedelta(days=3)
LONGEST_SEARCH = 120
ONGLETS = {
    "a-faire": "À faire par vous",
    "en-cours": "En cours",
    "traitees": "Traitées",
    "brouillons": "Brouillons",
    "toutes": "Toutes",
}
# What can be followed without the function « Historique des demandes ».
ONGLETS_EN_COURS = ("a-faire", "en-cours", "brouillons")


@dataclass(frozen=True)
class Filtres:
    """What the list is narrowed to; empty values narrow nothing."""

    statut: str = ""
    fonction: str = ""
    caisse_id: int | None = None
    auteur_id: int | None = None
    depuis: date | None = None
    recherche: str = ""


def with_unread(membership: Membership) -> Any:
    """The demandes where the caisse has written something the structure has not read."""
    return Message.objects.filter(
        partenaire=membership.structure, cote=Cote.CAISSE, lu_le__isnull=True
    ).values("demande_id")


def own_demandes(membership: Membership) -> DemandeQuerySet:
    """Every demande a technicien may open: those of open conventions, and the structure's drafts."""
    return Demande.objects.filter(
        Q(caisse_id__in=membership.caisses_ouvertes) | Q(statut=Statut.BROUILLON),
        partenaire=membership.structure,
    )


def listed_demandes(membership: Membership) -> DemandeQuerySet:
    """What lists, counters and searches show: those that are closed only where the caisse opens the history."""
    rows, hidden = own_demandes(membership), _without_history(membership)
    return rows.exclude(caisse_id__in=hidden, statut__in=sorted(STATUTS_CLOS)) if hidden else rows


def _without_history(membership: Membership) -> list[int]:
    return sorted({*membership.caisses_ouvertes} - {*membership.caisses_avec(Fonction.HISTORIQUE)})


def tab_rows(membership: Membership, onglet: str) -> DemandeQuerySet:
    """The demandes of a tab."""
    if onglet == "a-faire":
        return own_demandes(membership).filter(pk__in=_to_do_ids(membership))
    rows = listed_demandes(membership)
    if onglet == "en-cours":
        return rows.filter(statut__in=sorted(STATUTS_CHEZ_LA_CAISSE))
    if onglet == "traitees":
        return rows.filter(statut__in=sorted(STATUTS_CLOS))
    if onglet == "brouillons":
        return rows.filter(statut=Statut.BROUILLON)
    return rows


def _to_do_ids(membership: Membership) -> Any:
    """What waits for the structure, in disjoint parts that each have their index."""
    rows = own_demandes(membership)
    waiting = sorted({Statut.A_COMPLETER, Statut.BROUILLON})
    old = clock.now() - OLD_DRAFT
    to_complete = rows.filter(statut=Statut.A_COMPLETER).values("pk")
    drafts = rows.filter(statut=Statut.BROUILLON, modifiee_le__lt=old).values("pk")
    unread = rows.filter(pk__in=with_unread(membership)).exclude(statut__in=waiting).values("pk")
    return to_complete.union(drafts, unread, all=True)


# The same conditions as above, written once by hand: every page of a technicien asks for these numbers, and
# building them with the ORM costs more than running them.
_MINE = "SELECT 1 FROM signalements_demande d WHERE d.partenaire_id = %(partenaire)s"
_OPEN = "d.caisse_id = ANY(%(caisses)s)"
_UNREAD = (
    "SELECT m.demande_id FROM signalements_message m "
    "WHERE m.partenaire_id = %(partenaire)s AND m.cote = 'CAISSE' AND m.lu_le IS NULL"
)
_PARTS = {
    "a-completer": f"{_MINE} AND {_OPEN} AND d.statut = 'A_COMPLETER'",
    "vieux-brouillons": f"{_MINE} AND d.statut = 'BROUILLON' AND d.modifiee_le < %(vieux)s",
    "non-lues": f"{_MINE} AND {_OPEN} AND d.statut NOT IN ('A_COMPLETER', 'BROUILLON') AND d.id IN ({_UNREAD})",
}
_TABS = {
    "en-cours": f"{_MINE} AND {_OPEN} AND d.statut = ANY(%(chez_la_caisse)s)",
    "traitees": f"{_MINE} AND d.caisse_id = ANY(%(historique)s) AND d.statut = ANY(%(clos)s)",
    "brouillons": f"{_MINE} AND d.statut = 'BROUILLON'",
    "toutes": f"{_MINE} AND ({_OPEN} OR d.statut = 'BROUILLON')",
}
_LISTED = "(d.caisse_id = ANY(%(historique)s) OR d.statut <> ALL(%(clos)s))"


def tab_counts(membership: Membership) -> dict[str, int]:
    """How many demandes each tab holds, up to « plus de 1 000 », in one query."""
    tabs = _TABS
    if _without_history(membership):
        tabs = {**_TABS, "toutes": f"{_TABS['toutes']} AND {_LISTED}"}
    counts = _counts(membership, {**_PARTS, **tabs})
    return {"a-faire": _to_do_total(counts), **{code: counts[code] for code in _TABS}}


def to_do_count(membership: Membership) -> int:
    """How many demandes wait for the structure."""
    return _to_do_total(_counts(membership, _PARTS))


def _to_do_total(counts: dict[str, int]) -> int:
    return min(sum(counts[code] for code in _PARTS), COUNT_LIMIT)


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


def narrowed(rows: DemandeQuerySet, membership: Membership, filtres: Filtres) -> DemandeQuerySet:
    """The rows that pass the filters and the search."""
    if filtres.statut:
        rows = rows.filter(statut=filtres.statut)
    if filtres.fonction:
        rows = rows.filter(fonction=filtres.fonction)
    if filtres.caisse_id:
        rows = rows.filter(caisse_id=filtres.caisse_id)
    if filtres.auteur_id:
        rows = rows.filter(auteur_id=filtres.auteur_id)
    if filtres.depuis:
        rows = rows.filter(modifiee_le__date__gte=filtres.depuis)
    if filtres.recherche.strip():
        rows = rows.filter(matching(membership, read_search(filtres.recherche, clock.today())))
    return rows


@dataclass(frozen=True)
class AFaire:
    """What waits for the structure, for the home page."""

    a_completer: list[Demande] = field(default_factory=list)
    non_lus: list[Demande] = field(default_factory=list)
    brouillons: list[Demande] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.a_completer or self.non_lus or self.brouillons)


def to_do(membership: Membership, limit: int = 10) -> AFaire:
    """The demandes to complete, those with an unread message, the drafts left for three days; in one query."""
    rows = (
        tab_rows(membership, "a-faire")
        .select_related("caisse", "personne", "brouillon", "auteur")
        .order_by("modifiee_le", "pk")[: 3 * limit]
    )
    found = AFaire()
    for demande in rows:
        if demande.statut == Statut.A_COMPLETER:
            found.a_completer.append(demande)
        elif demande.statut == Statut.BROUILLON:
            found.brouillons.append(demande)
        else:
            found.non_lus.append(demande)
    return AFaire(found.a_completer[:limit], found.non_lus[:limit], found.brouillons[:limit])


def typed_name(demande: Demande) -> str:
    """The name typed so far in a draft, or what the person is called once it is sent."""
    if demande.statut != Statut.BROUILLON:
        return demande.personne.nom_complet
    step = demande.brouillon.donnees.get("personne", {})
    prenom, usage, nom = ((step.get(name) or [""])[0] for name in ("prenom", "nom_usage", "nom_naissance"))
    return f"{prenom} {(usage or nom).upper()}".strip()
