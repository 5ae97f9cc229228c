"""The queue of a caisse: its views, their filters, their counts, and what a line shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, JSONObject

from accounts.memberships import Membership
from accounts.models import Utilisateur
from partners.models import Partenaire
from portal import clock
from portal.compiled import Slot
from portal.counts import CappedCounts, prepare_counts
from portal.keyset import KeysetPage, KeysetQuery
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, STATUTS_CLOS, STATUTS_OUVERTS, Cote, Statut
from signalements.models import DecisionRetenue, Demande, Message, Personne, PieceJointe
from signalements.queries.recherche import Forme, Recherche, matching
from signalements.querysets import LINE_FIELDS, RECENT_ORDER, DemandeQuerySet

DEADLINE_ORDER = ("-urgente", "echeance", "id")


@dataclass(frozen=True)
class Cadre:
    """Whose queue is read, by whom and when; `proche` is the last day that is close.

    All but the kinds of demande are slots in a query that is compiled once.
    """

    fonctions: frozenset[str] | None
    caisse: int | Slot
    acteur: int | Slot
    aujourdhui: date | Slot
    proche: date | Slot
    maintenant: datetime | Slot

    @classmethod
    def slotted(cls, fonctions: frozenset[str] | None) -> "Cadre":
        """That of a query to compile."""
        names = ("caisse", "acteur", "aujourdhui", "proche", "maintenant")
        return cls(fonctions, **{name: Slot(name) for name in names})


def _slots(membership: Membership) -> dict[str, Any]:
    """What goes into the slots, for somebody of a caisse, today in its time zone."""
    caisse = membership.caisse
    if caisse is None:
        raise ValueError("the queue is that of a caisse")
    today = caisse.today()
    return {
        "caisse": caisse.pk,
        "acteur": membership.acteur_id,
        "aujourdhui": today,
        "proche": today + timedelta(days=caisse.seuil_proche),
        "maintenant": clock.now(),
    }


@dataclass(frozen=True)
class Vue:
    """A view of the queue: a name for its address, its words, its rows and their order."""

    code: str
    libelle: str
    condition: Callable[[Cadre], Q]
    ordre: tuple[str, ...] = DEADLINE_ORDER
    onglet: bool = True


def at_the_caisse() -> Q:
    """What waits for somebody of the caisse."""
    return Q(statut__in=sorted(STATUTS_CHEZ_LA_CAISSE))


def late(today: date | Slot) -> Q:
    """At the caisse, past its deadline, and the promise was not kept before."""
    return at_the_caisse() & Q(echeance__lt=today, promesse_tenue_le__isnull=True)


def due_soon(today: date | Slot, last: date | Slot) -> Q:
    """At the caisse, not late yet, due on `last` at the latest."""
    return at_the_caisse() & Q(echeance__gte=today, echeance__lte=last, promesse_tenue_le__isnull=True)


def _unread(cadre: Cadre) -> Q:
    unread = Message.objects.filter(caisse=cadre.caisse, cote=Cote.PARTENAIRE, lu_le__isnull=True)
    return Q(pk__in=unread.values("demande_id"))


VUES: dict[str, Vue] = {
    vue.code: vue
    for vue in (
        Vue("a-traiter", "À traiter", lambda cadre: at_the_caisse()),
        Vue("a-prendre", "À prendre en charge", lambda cadre: Q(statut=Statut.ENVOYEE)),
        Vue("en-cours", "En cours", lambda cadre: Q(statut=Statut.EN_COURS)),
        Vue("complements", "Compléments reçus", lambda cadre: Q(statut=Statut.COMPLETEE)),
        Vue("en-attente", "En attente du partenaire", lambda cadre: Q(statut=Statut.A_COMPLETER)),
        Vue("en-retard", "En retard", lambda cadre: late(cadre.aujourdhui)),
        Vue(
            "les-miennes",
            "Les miennes",
            lambda cadre: Q(assignee_a=cadre.acteur, statut__in=sorted(STATUTS_OUVERTS)),
        ),
        Vue("traitees", "Traitées", lambda cadre: Q(statut__in=sorted(STATUTS_CLOS)), RECENT_ORDER),
        Vue(
            "proches", "Échéance proche", lambda cadre: due_soon(cadre.aujourdhui, cadre.proche), onglet=False
        ),
        Vue("urgences", "Urgences", lambda cadre: at_the_caisse() & Q(urgente=True), onglet=False),
        Vue("messages", "Messages non lus", _unread, RECENT_ORDER, onglet=False),
    )
}
PAR_DEFAUT = VUES["a-traiter"]
SANS_AGENT = "personne"
MOI = "moi"


@dataclass(frozen=True)
class Filtres:
    """What narrows a view: a structure, a service, whoever it is assigned to (an id, « moi », « personne »)."""

    structure: int | Slot | None = None
    service: str | Slot = ""
    agent: str | Slot = ""

    @property
    def actifs(self) -> bool:
        """Whether anything is narrowed."""
        return self != Filtres()

    def slotted(self) -> "Filtres":
        """The same filters, with slots for their values: one compiled query serves them all."""
        named = self.agent in {SANS_AGENT, MOI, ""}
        return Filtres(
            Slot("structure") if self.structure else None,
            Slot("service") if self.service else "",
            self.agent if named else Slot("agent"),
        )

    def slots(self) -> dict[str, Any]:
        """What goes into those slots."""
        agent = int(str(self.agent)) if str(self.agent).isdecimal() else None
        return {"structure": self.structure, "service": self.service, "agent": agent}

    def apply(self, rows: DemandeQuerySet, cadre: Cadre) -> DemandeQuerySet:
        """The rows that match."""
        if self.structure:
            rows = rows.filter(partenaire=self.structure)
        if self.service:
            rows = rows.filter(fonction=self.service)
        if self.agent == SANS_AGENT:
            rows = rows.filter(assignee_a__isnull=True)
        elif self.agent:
            agent: Any = cadre.acteur if self.agent == MOI else self.agent
            rows = rows.filter(assignee_a=agent)
        return rows


def rows_of(cadre: Cadre, vue: Vue, filtres: Filtres = Filtres()) -> DemandeQuerySet:
    """The demandes of a view, unsorted."""
    return filtres.apply(_received(cadre).filter(vue.condition(cadre)), cadre)


def _received(cadre: Cadre) -> DemandeQuerySet:
    """What was sent to the caisse, of the kinds this person handles."""
    rows = Demande.objects.filter(caisse=cadre.caisse, envoyee_le__lte=cadre.maintenant)
    return rows if cadre.fonctions is None else rows.filter(fonction__in=sorted(cadre.fonctions))


def queue_page(membership: Membership, vue: Vue, filtres: Filtres, cursor: str = "") -> KeysetPage[Demande]:
    """A page of a view, by position, with what its lines show: one query, whatever the page."""
    query = _pages(vue.code, membership.fonctions_traitees, filtres.slotted())
    return query.page(cursor, **_slots(membership), **filtres.slots())


def day_rows(membership: Membership) -> list[Demande]:
    """The first demandes of « À traiter », as its lines show them: one query."""
    query = _first_rows(membership.fonctions_traitees)
    return query.page(**_slots(membership)).rows


@cache
def _first_rows(fonctions: frozenset[str] | None) -> KeysetQuery[Demande]:
    return KeysetQuery(
        lambda: with_line(rows_of(Cadre.slotted(fonctions), PAR_DEFAUT)), PAR_DEFAUT.ordre, size=DAY_ROWS
    )


@cache
def _pages(code: str, fonctions: frozenset[str] | None, filtres: Filtres) -> KeysetQuery[Demande]:
    vue = VUES[code]
    return KeysetQuery(lambda: with_line(rows_of(Cadre.slotted(fonctions), vue, filtres)), vue.ordre)


def search_page(membership: Membership, recherche: Recherche, cursor: str = "") -> KeysetPage[Demande]:
    """A page of what a search finds, the latest first."""
    if recherche.vide:
        return KeysetPage([], "", "")
    query = _result_pages(recherche.forme, membership.fonctions_traitees)
    return query.page(cursor, **_slots(membership), **recherche.slots())


def search_count(membership: Membership, recherche: Recherche) -> int:
    """How many demandes a search finds, up to 1,001."""
    if recherche.vide:
        return 0
    query = _result_counts(recherche.forme, membership.fonctions_traitees)
    return query.read(**_slots(membership), **recherche.slots())["resultats"]


@cache
def _result_pages(forme: Forme, fonctions: frozenset[str] | None) -> KeysetQuery[Demande]:
    return KeysetQuery(lambda: with_line(_results(forme, fonctions)), RECENT_ORDER)


@cache
def _result_counts(forme: Forme, fonctions: frozenset[str] | None) -> CappedCounts:
    return prepare_counts({"resultats": _results(forme, fonctions)})


def _results(forme: Forme, fonctions: frozenset[str] | None) -> DemandeQuerySet:
    return _received(Cadre.slotted(fonctions)).filter(matching(forme, "caisse"))


def with_line(rows: DemandeQuerySet) -> DemandeQuerySet:
    """With what a line of the queue shows: the person, the structure, the agent, pièces and unread messages."""
    unread = Message.objects.filter(demande=OuterRef("pk"), cote=Cote.PARTENAIRE, lu_le__isnull=True)
    pieces = (
        PieceJointe.objects.filter(demande=OuterRef("pk"))
        .order_by()
        .values("demande")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return rows.only(*LINE_FIELDS, "assignee_a_id").annotate(
        non_lus=Exists(unread),
        nombre_pieces=Coalesce(Subquery(pieces, output_field=IntegerField()), 0),
        # Looked up row by row, once the page is cut: a join would fetch them for every row that is sorted.
        personne_lue=Subquery(
            Personne.objects.filter(pk=OuterRef("pk")).values(lue=JSONObject(**{n: n for n in PERSONNE_LUE}))
        ),
        structure=Subquery(Partenaire.objects.filter(pk=OuterRef("partenaire")).values("raison_sociale")),
        agent=Subquery(
            Utilisateur.objects.filter(pk=OuterRef("assignee_a"))
            .order_by()
            .values(lu=Concat("prenom", Value(" "), "nom"))
        ),
    )


PERSONNE_LUE = ("prenom", "nom_usage", "nom_naissance", "civilite", "naissance", "naissance_precision")


TABS = tuple(code for code, vue in VUES.items() if vue.onglet)
DAY_ROWS = 5
DAY = ("en-retard", "proches", "a-prendre", "complements", "messages", "urgences", "les-miennes", "a-traiter")


def tab_counts(membership: Membership, filtres: Filtres) -> dict[str, int]:
    """How many rows each tab holds, up to 1,001, in one query."""
    query = _counts(TABS, membership.fonctions_traitees, filtres.slotted())
    return query.read(**_slots(membership), **filtres.slots())


def day_counts(membership: Membership) -> dict[str, int]:
    """The counters of « Ma journée », up to 1,001 each, in one query."""
    return _counts(DAY, membership.fonctions_traitees, Filtres()).read(**_slots(membership))


@cache
def _counts(codes: tuple[str, ...], fonctions: frozenset[str] | None, filtres: Filtres) -> CappedCounts:
    """The query that counts these views."""
    return prepare_counts({code: rows_of(Cadre.slotted(fonctions), VUES[code], filtres) for code in codes})


def about_to_leave() -> models.QuerySet[DecisionRetenue]:
    """The decisions given on a demande (`OuterRef`) that can still be undone."""
    return DecisionRetenue.objects.filter(demande=OuterRef("pk"), prend_effet_le__isnull=False)


def next_in_line(membership: Membership, after: Demande | None = None) -> Demande | None:
    """The next demande to work on in deadline order: nobody's or one's own, after `after` if given.

    When nothing follows, the queue is taken again from its start.
    """
    cadre = Cadre(membership.fonctions_traitees, **_slots(membership))
    rows: models.QuerySet[Demande] = rows_of(cadre, PAR_DEFAUT).filter(
        Q(assignee_a__isnull=True) | Q(assignee_a=cadre.acteur)
    )
    rows = rows.exclude(Exists(about_to_leave())).order_by(*DEADLINE_ORDER).only("reference")
    if after is None:
        return rows.first()
    rows = rows.exclude(pk=after.pk)
    if after.echeance is None:
        return rows.first()
    following = rows.filter(
        Q(urgente__lt=after.urgente)
        | Q(urgente=after.urgente, echeance__gt=after.echeance)
        | Q(urgente=after.urgente, echeance=after.echeance, pk__gt=after.pk)
    )
    return following.first() or rows.first()
