"""The queue of a caisse: its views, their counts, and the order in which they are worked through."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Case, DateField, Exists, Field, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.lookups import GreaterThanOrEqual, LessThan, LessThanOrEqual

from accounts.enums import Profil
from accounts.memberships import Membership
from partners.models import Partenaire
from portal.compiled import LocalDay, Slot
from portal.counts import CappedCounts, prepare_counts
from portal.keyset import KeysetPage, KeysetQuery
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, STATUTS_CLOS, STATUTS_OUVERTS, Cote, Statut
from signalements.models import DecisionRetenue, Demande, Message
from signalements.queries.filtres import SANS_FILTRE, Cadre, Filtres, slots_of
from signalements.queries.lignes import with_line
from signalements.queries.recherche import Forme, Recherche, matching
from signalements.querysets import LINE_FIELDS, NEVER, RANG, RECENT_ORDER, DemandeQuerySet

__all__ = ["with_line"]
RANG_DES_MIENNES = Case(
    When(statut=Statut.A_COMPLETER, then=Value(NEVER, DateField())), default=RANG, output_field=DateField()
)
"""As RANG, what waits for the structure last: its deadline is suspended. What one person has is sorted in memory."""
DEADLINE_ORDER = ("-urgente", "rang", "id")
COMPUTED: "dict[str, Field[Any, Any]]" = {"rang": DateField()}


@dataclass(frozen=True)
class Vue:
    """A view of the queue: a name for its address, its words, its rows and their order, the statuses it may hold.

    `rang` is its key « rang »; another than RANG is sorted without an index.
    """

    code: str
    libelle: str
    condition: Callable[[Cadre], Q]
    ordre: tuple[str, ...] = DEADLINE_ORDER
    onglet: bool = True
    statuts: frozenset[str] = STATUTS_CHEZ_LA_CAISSE
    rang: Combinable = RANG


def at_the_caisse() -> Q:
    """What waits for somebody of the caisse."""
    return Q(statut__in=sorted(STATUTS_CHEZ_LA_CAISSE))


def late(today: date | Slot | LocalDay) -> Q:
    """At the caisse, past its deadline, and the promise was not kept before."""
    return at_the_caisse() & Q(LessThan(RANG, today))


def due_soon(today: date | Slot, last: date | Slot) -> Q:
    """At the caisse, not late yet, due on `last` at the latest, and the promise still to keep."""
    return at_the_caisse() & Q(GreaterThanOrEqual(RANG, today)) & Q(LessThanOrEqual(RANG, last))


def _unread(cadre: Cadre) -> Q:
    unread = Message.objects.filter(caisse=cadre.caisse, cote=Cote.PARTENAIRE, lu_le__isnull=True)
    return Q(pk__in=unread.values("demande_id"))


VUES: dict[str, Vue] = {
    vue.code: vue
    for vue in (
        Vue("a-traiter", "À traiter", lambda cadre: at_the_caisse()),
        Vue(
            "a-prendre",
            "À prendre en charge",
            lambda cadre: Q(statut=Statut.ENVOYEE),
            statuts=frozenset({Statut.ENVOYEE}),
        ),
        Vue(
            "en-cours",
            "En cours",
            lambda cadre: Q(statut=Statut.EN_COURS),
            statuts=frozenset({Statut.EN_COURS}),
        ),
        Vue(
            "complements",
            "Compléments reçus",
            lambda cadre: Q(statut=Statut.COMPLETEE),
            statuts=frozenset({Statut.COMPLETEE}),
        ),
        Vue(
            "en-attente",
            "En attente du partenaire",
            lambda cadre: Q(statut=Statut.A_COMPLETER),
            statuts=frozenset({Statut.A_COMPLETER}),
        ),
        Vue("en-retard", "En retard", lambda cadre: late(cadre.aujourdhui)),
        Vue(
            "les-miennes",
            "Les miennes",
            lambda cadre: Q(assignee_a=cadre.acteur, statut__in=sorted(STATUTS_OUVERTS)),
            statuts=STATUTS_OUVERTS,
            rang=RANG_DES_MIENNES,
        ),
        Vue(
            "traitees",
            "Traitées",
            lambda cadre: Q(statut__in=sorted(STATUTS_CLOS)),
            RECENT_ORDER,
            statuts=STATUTS_CLOS,
        ),
        Vue(
            "proches", "Échéance proche", lambda cadre: due_soon(cadre.aujourdhui, cadre.proche), onglet=False
        ),
        Vue("urgences", "Urgences", lambda cadre: at_the_caisse() & Q(urgente=True), onglet=False),
        Vue(
            "messages",
            "Messages non lus",
            _unread,
            RECENT_ORDER,
            onglet=False,
            statuts=STATUTS_OUVERTS | STATUTS_CLOS,
        ),
    )
}
PAR_DEFAUT = VUES["a-traiter"]


def rows_of(cadre: Cadre, vue: Vue, filtres: Filtres = SANS_FILTRE) -> DemandeQuerySet:
    """The demandes of a view, unsorted."""
    return filtres.apply(_received(cadre).filter(vue.condition(cadre)), cadre)


def _received(cadre: Cadre) -> DemandeQuerySet:
    """What was sent to the caisse, of the kinds this person handles."""
    rows = Demande.objects.filter(caisse=cadre.caisse, envoyee_le__lte=cadre.maintenant)
    return rows if cadre.fonctions is None else rows.filter(fonction__in=sorted(cadre.fonctions))


def queue_page(membership: Membership, vue: Vue, filtres: Filtres, cursor: str = "") -> KeysetPage[Demande]:
    """A page of a view, by position, with what its lines show: one query, whatever the page."""
    query = _pages(vue.code, membership.fonctions_traitees, filtres.slotted())
    return query.page(cursor, **filtres.slots(membership))


def day_rows(membership: Membership) -> list[Demande]:
    """The first demandes of « À traiter », as its lines show them: one query."""
    query = _first_rows(membership.fonctions_traitees)
    return query.page(**slots_of(membership)).rows


@cache
def _first_rows(fonctions: frozenset[str] | None) -> KeysetQuery[Demande]:
    return KeysetQuery(
        lambda: with_line(rows_of(Cadre.slotted(fonctions), PAR_DEFAUT)), PAR_DEFAUT.ordre, size=DAY_ROWS
    )


@cache
def _pages(code: str, fonctions: frozenset[str] | None, filtres: Filtres) -> KeysetQuery[Demande]:
    vue = VUES[code]
    return KeysetQuery(
        lambda: with_line(rows_of(Cadre.slotted(fonctions), vue, filtres)).annotate(rang=vue.rang),
        vue.ordre,
        computed=COMPUTED,
    )


def every_row(membership: Membership, vue: Vue, filtres: Filtres, most: int) -> list[Demande]:
    """The first `most` demandes of a view in its order, with their versions: what « tous les résultats » names."""
    cadre, slots = Cadre.slotted(membership.fonctions_traitees), filtres.slots(membership)
    query: KeysetQuery[Demande] = KeysetQuery(
        lambda: (
            rows_of(cadre, vue, filtres.slotted())
            .only("reference", "version", *TENANTS)
            .annotate(rang=vue.rang)
        ),
        vue.ordre,
        size=most,
        computed=COMPUTED,
    )
    return query.page(**slots).rows


TENANTS = ("caisse_id", "partenaire_id", "urgente", "modifiee_le")


def search_page(membership: Membership, recherche: Recherche, cursor: str = "") -> KeysetPage[Demande]:
    """A page of what a search finds, the latest first."""
    if recherche.vide:
        return KeysetPage([], "", "")
    query = _result_pages(recherche.forme, membership.fonctions_traitees)
    return query.page(cursor, **slots_of(membership), **recherche.slots())


def search_count(membership: Membership, recherche: Recherche) -> int:
    """How many demandes a search finds, up to 1,001."""
    if recherche.vide:
        return 0
    query = _result_counts(recherche.forme, membership.fonctions_traitees)
    return query.read(**slots_of(membership), **recherche.slots())["resultats"]


@cache
def _result_pages(forme: Forme, fonctions: frozenset[str] | None) -> KeysetQuery[Demande]:
    return KeysetQuery(lambda: with_line(_results(forme, fonctions)), RECENT_ORDER)


@cache
def _result_counts(forme: Forme, fonctions: frozenset[str] | None) -> CappedCounts:
    return prepare_counts({"resultats": _results(forme, fonctions)})


def _results(forme: Forme, fonctions: frozenset[str] | None) -> DemandeQuerySet:
    return _received(Cadre.slotted(fonctions)).filter(matching(forme, "caisse"))


TABS = tuple(code for code, vue in VUES.items() if vue.onglet)
DAY_ROWS = 5
DAY = ("en-retard", "proches", "a-prendre", "complements", "messages", "urgences", "les-miennes", "a-traiter")


def tab_counts(membership: Membership, filtres: Filtres, vue: Vue = PAR_DEFAUT) -> dict[str, int]:
    """How many rows each tab and this view hold, up to 1,001, in one query."""
    codes = TABS if vue.onglet else (*TABS, vue.code)
    query = _counts(codes, membership.fonctions_traitees, filtres.slotted())
    return query.read(**filtres.slots(membership))


def day_counts(membership: Membership) -> dict[str, int]:
    """The counters of « Ma journée », up to 1,001 each, in one query."""
    return _counts(DAY, membership.fonctions_traitees, SANS_FILTRE).read(**slots_of(membership))


@cache
def _counts(codes: tuple[str, ...], fonctions: frozenset[str] | None, filtres: Filtres) -> CappedCounts:
    """The query that counts these views."""
    return prepare_counts({code: rows_of(Cadre.slotted(fonctions), VUES[code], filtres) for code in codes})


# --- One by one


def about_to_leave() -> "QuerySet[DecisionRetenue]":
    """The decisions given on a demande (`OuterRef`) that can still be undone."""
    return DecisionRetenue.objects.filter(demande=OuterRef("pk"), prend_effet_le__isnull=False)


def following(
    membership: Membership,
    vue: Vue,
    filtres: Filtres,
    after: Demande | None = None,
    *,
    backwards: bool = False,
) -> Demande | None:
    """The demande to work on after this one in a view, or before it; the first one when `after` is not given.

    Unless the view is filtered by agent or made of what is closed, what a colleague has is passed over, but for a
    superviseur; so is what a decision was given on. It is found by its sort keys, also when `after` has left the view.
    One query.
    """
    passes = membership.profil != Profil.SUPERVISEUR and not filtres.agent and vue.statuts != STATUTS_CLOS
    query = _sequence(vue.code, membership.fonctions_traitees, filtres.slotted(), passes)
    slots = filtres.slots(membership)
    if after is None:
        return next(iter(query.page(**slots).rows), None)
    found = query.beside(_keys(vue, after), backwards=backwards, **slots)
    return found[0] if found else None


def _keys(vue: Vue, demande: Demande) -> list[Any]:
    if vue.ordre == RECENT_ORDER:
        return [demande.modifiee_le, demande.pk]
    waits = vue.rang is RANG_DES_MIENNES and demande.statut == Statut.A_COMPLETER
    promised = demande.echeance if demande.promesse_tenue_le is None and not waits else None
    return [demande.urgente, promised or NEVER, demande.pk]


@cache
def _sequence(
    code: str, fonctions: frozenset[str] | None, filtres: Filtres, passes: bool
) -> KeysetQuery[Demande]:
    vue, cadre = VUES[code], Cadre.slotted(fonctions)

    def build() -> DemandeQuerySet:
        rows = rows_of(cadre, vue, filtres).exclude(Exists(about_to_leave()))
        if passes:
            rows = rows.filter(Q(assignee_a__isnull=True) | Q(assignee_a=cadre.acteur))
        names = Partenaire.objects.filter(pk=OuterRef("partenaire")).values("raison_sociale")
        return rows.only(*LINE_FIELDS).annotate(rang=vue.rang, structure=Subquery(names))

    return KeysetQuery(build, vue.ordre, size=1, computed=COMPUTED)
