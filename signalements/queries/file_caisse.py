"""The queue of a caisse: its views, their filters, their counts, and what a line shows."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.memberships import Membership
from portal.counts import CappedCounts, prepare_counts
from portal.keyset import KeysetPage, keyset_page
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, STATUTS_CLOS, STATUTS_OUVERTS, Cote, Statut
from signalements.models import Demande, Message, PieceJointe
from signalements.querysets import DemandeQuerySet

DEADLINE_ORDER = ("-urgente", "echeance", "id")
RECENT_ORDER = ("-modifiee_le", "-id")


@dataclass(frozen=True)
class Vue:
    """A view of the queue: a name for its address, its words, its rows and their order."""

    code: str
    libelle: str
    condition: Callable[[Membership, date], Q]
    ordre: tuple[str, ...] = DEADLINE_ORDER
    onglet: bool = True


def at_the_caisse() -> Q:
    """What waits for somebody of the caisse."""
    return Q(statut__in=sorted(STATUTS_CHEZ_LA_CAISSE))


def late(today: date) -> Q:
    """At the caisse, past its deadline, and the promise was not kept before."""
    return at_the_caisse() & Q(echeance__lt=today, promesse_tenue_le__isnull=True)


def due_soon(today: date, days: int) -> Q:
    """At the caisse, not late yet, with at most `days` days to go."""
    last = today + timedelta(days=days)
    return at_the_caisse() & Q(echeance__gte=today, echeance__lte=last, promesse_tenue_le__isnull=True)


def _unread(membership: Membership) -> Q:
    caisse_id = membership.caisse_id or 0  # somebody of a caisse always has one
    unread = Message.objects.filter(caisse_id=caisse_id, cote=Cote.PARTENAIRE, lu_le__isnull=True)
    return Q(pk__in=unread.values("demande_id"))


def _threshold(membership: Membership) -> int:
    return membership.caisse.seuil_proche if membership.caisse else 0


VUES: dict[str, Vue] = {
    vue.code: vue
    for vue in (
        Vue("a-traiter", "À traiter", lambda m, today: at_the_caisse()),
        Vue("a-prendre", "À prendre en charge", lambda m, today: Q(statut=Statut.ENVOYEE)),
        Vue("en-cours", "En cours", lambda m, today: Q(statut=Statut.EN_COURS)),
        Vue("complements", "Compléments reçus", lambda m, today: Q(statut=Statut.COMPLETEE)),
        Vue("en-attente", "En attente du partenaire", lambda m, today: Q(statut=Statut.A_COMPLETER)),
        Vue("en-retard", "En retard", lambda m, today: late(today)),
        Vue(
            "les-miennes",
            "Les miennes",
            lambda m, today: Q(assignee_a_id=m.acteur_id, statut__in=sorted(STATUTS_OUVERTS)),
        ),
        Vue("traitees", "Traitées", lambda m, today: Q(statut__in=sorted(STATUTS_CLOS)), RECENT_ORDER),
        Vue("proches", "Échéance proche", lambda m, today: due_soon(today, _threshold(m)), onglet=False),
        Vue("urgences", "Urgences", lambda m, today: at_the_caisse() & Q(urgente=True), onglet=False),
        Vue("messages", "Messages non lus", lambda m, today: _unread(m), RECENT_ORDER, onglet=False),
    )
}
PAR_DEFAUT = VUES["a-traiter"]
SANS_AGENT = "personne"
MOI = "moi"


@dataclass(frozen=True)
class Filtres:
    """What narrows a view: a structure, a service, whoever it is assigned to (an id, « moi », « personne »)."""

    structure: int | None = None
    service: str = ""
    agent: str = ""

    @property
    def actifs(self) -> bool:
        """Whether anything is narrowed."""
        return bool(self.structure or self.service or self.agent)

    def apply(self, rows: DemandeQuerySet, membership: Membership) -> DemandeQuerySet:
        """The rows that match."""
        if self.structure:
            rows = rows.filter(partenaire_id=self.structure)
        if self.service:
            rows = rows.filter(fonction=self.service)
        if self.agent == SANS_AGENT:
            rows = rows.filter(assignee_a__isnull=True)
        elif self.agent == MOI:
            rows = rows.filter(assignee_a_id=membership.acteur_id)
        elif self.agent:
            rows = rows.filter(assignee_a_id=int(self.agent))
        return rows


def rows_of(membership: Membership, vue: Vue, filtres: Filtres = Filtres()) -> DemandeQuerySet:
    """The demandes of a view, unsorted."""
    today = _caisse_today(membership)
    rows = Demande.objects.visible_to(membership).filter(vue.condition(membership, today))
    return filtres.apply(rows, membership)


def _caisse_today(membership: Membership) -> date:
    if membership.caisse is None:
        raise ValueError("the queue is that of a caisse")
    return membership.caisse.today()


def queue_page(membership: Membership, vue: Vue, filtres: Filtres, cursor: str = "") -> KeysetPage[Demande]:
    """A page of a view, by position: one query, two for what the lines show, whatever the page."""
    return keyset_page(with_line(rows_of(membership, vue, filtres)), vue.ordre, cursor)


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
    return (
        rows.select_related("personne", "partenaire", "assignee_a")
        .annotate(
            non_lus=Exists(unread),
            nombre_pieces=Coalesce(Subquery(pieces, output_field=IntegerField()), 0),
        )
        .only(*LINE_FIELDS)
    )


LINE_FIELDS = (
    "reference",
    "fonction",
    "caisse_id",
    "statut",
    "issue",
    "urgente",
    "modifiee_le",
    "envoyee_le",
    "traitee_le",
    "echeance",
    "suspendue_le",
    "jours_attente",
    "promesse_tenue_le",
    "personne__civilite",
    "personne__nom_naissance",
    "personne__nom_usage",
    "personne__prenom",
    "personne__naissance",
    "personne__naissance_precision",
    "partenaire__raison_sociale",
    "assignee_a__nom",
    "assignee_a__prenom",
)


TABS = tuple(code for code, vue in VUES.items() if vue.onglet)
DAY = ("en-retard", "proches", "a-prendre", "complements", "messages", "urgences", "les-miennes", "a-traiter")
_prepared: OrderedDict[tuple[object, ...], CappedCounts] = OrderedDict()
_KEPT = 1024


def tab_counts(membership: Membership, filtres: Filtres) -> dict[str, int]:
    """How many rows each tab holds, up to 1,001, in one query."""
    return _counts(membership, TABS, filtres).read()


def day_counts(membership: Membership) -> dict[str, int]:
    """The counters of « Ma journée », up to 1,001 each, in one query."""
    return _counts(membership, DAY, Filtres()).read()


def _counts(membership: Membership, codes: tuple[str, ...], filtres: Filtres) -> CappedCounts:
    """The query that counts these views; its text is kept, since writing it costs more than running it."""
    today = _caisse_today(membership)
    key = (
        codes,
        filtres,
        membership.role,
        membership.acteur_id,
        membership.caisse_id,
        today,
        _threshold(membership),
    )
    found = _prepared.get(key)
    if found is None:
        found = prepare_counts({code: rows_of(membership, VUES[code], filtres) for code in codes})
        _prepared[key] = found
        if len(_prepared) > _KEPT:
            _prepared.popitem(last=False)
    return found


def next_in_line(membership: Membership, after: Demande | None = None) -> Demande | None:
    """The next demande to work on in deadline order: nobody's or one's own, after `after` if given.

    When nothing follows, the queue is taken again from its start.
    """
    rows: models.QuerySet[Demande] = rows_of(membership, PAR_DEFAUT).filter(
        Q(assignee_a__isnull=True) | Q(assignee_a_id=membership.acteur_id)
    )
    rows = rows.order_by(*DEADLINE_ORDER).only("reference")
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
