"""What the technicien's home and lists ask."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat, JSONObject

from accounts.memberships import Membership
from accounts.models import Utilisateur
from caisses.enums import Fonction
from caisses.models import Caisse
from portal import clock
from portal.compiled import CompiledQuery, IsAnyOf, LocalDay, Slot
from portal.keyset import KeysetPage, KeysetQuery, turned
from signalements.enums import STATUTS_CHEZ_LA_CAISSE, STATUTS_CLOS, STATUTS_OUVERTS, Cote, Statut
from signalements.kinds.registry import kinds
from signalements.models import Brouillon, Demande, Message, Personne
from signalements.models.personne import nom_complet
from signalements.queries.file_caisse import late
from signalements.queries.motifs import of_motif
from signalements.queries.recherche import Forme, matching, read_search
from signalements.querysets import LINE_FIELDS, RECENT_ORDER, DemandeQuerySet

OLD_DRAFT = timedelta(days=3)
LONGEST_SEARCH = 120
EXPORT_BATCH = 2000
SANS_PERSONNE, EFFACEE = "Question générale", "Données effacées"
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
    """What the list is narrowed to; empty values narrow nothing.

    `motif` is a code in the words of the kind `motif_de`; what is late at `retard_a` is late where its caisse is.
    """

    statut: str | Slot = ""
    fonction: str | Slot = ""
    caisse_id: int | Slot | None = None
    auteur_id: int | Slot | None = None
    depuis: datetime | Slot | None = None
    issue: str | Slot = ""
    urgente: bool = False
    motif_de: str = ""
    motif: str | Slot = ""
    retard_a: datetime | Slot | None = None
    recherche: str = ""

    def slotted(self) -> "Filtres":
        """The same filters with slots for their values, without the search: one compiled query serves them all."""
        given: dict[str, Any] = {name: Slot(name) for name, value in self.slots().items() if value}
        return Filtres(**given | {"urgente": self.urgente, "motif_de": self.motif_de})

    def slots(self) -> dict[str, Any]:
        """What goes into those slots."""
        return {name: value for name, value in vars(self).items() if name != "recherche"}


@dataclass(frozen=True)
class Perimetre:
    """Whose demandes are read: the structure, the caisses open to it, those among them that open no history.

    `vieux` is since when an untouched draft is old. All are slots in a query that is compiled once.
    """

    partenaire: int | Slot
    caisses: list[int] | Slot
    sans_historique: list[int] | Slot
    vieux: datetime | Slot

    @classmethod
    def of(cls, membership: Membership) -> "Perimetre":
        """That of a technicien, now."""
        return cls(
            partenaire=membership.structure.pk,
            caisses=membership.caisses_ouvertes,
            sans_historique=without_history(membership),
            vieux=clock.now() - OLD_DRAFT,
        )


SLOTS = Perimetre(Slot("partenaire"), Slot("caisses"), Slot("sans_historique"), Slot("vieux"))


def with_unread(perimetre: Perimetre) -> Any:
    """The demandes where the caisse has written something the structure has not read."""
    return Message.objects.filter(
        partenaire=perimetre.partenaire, cote=Cote.CAISSE, lu_le__isnull=True
    ).values("demande_id")


def own_demandes(perimetre: Perimetre) -> DemandeQuerySet:
    """Every demande a technicien may open: those of open conventions, and the structure's drafts."""
    return Demande.objects.filter(
        Q(IsAnyOf("caisse_id", perimetre.caisses)) | Q(statut=Statut.BROUILLON),
        partenaire=perimetre.partenaire,
    )


def listed_demandes(perimetre: Perimetre) -> DemandeQuerySet:
    """What lists, counters and searches show: those that are closed only where the caisse opens the history."""
    hidden = Q(IsAnyOf("caisse_id", perimetre.sans_historique), statut__in=sorted(STATUTS_CLOS))
    return own_demandes(perimetre).exclude(hidden)


def without_history(membership: Membership) -> list[int]:
    """The open caisses that give this structure no history, by id."""
    return sorted({*membership.caisses_ouvertes} - {*membership.caisses_avec(Fonction.HISTORIQUE)})


def tab_rows(perimetre: Perimetre, onglet: str) -> DemandeQuerySet:
    """The demandes of a tab."""
    if onglet == "a-faire":
        return own_demandes(perimetre).filter(pk__in=_to_do_ids(perimetre))
    rows = listed_demandes(perimetre)
    if onglet == "en-cours":
        return rows.filter(statut__in=sorted(STATUTS_CHEZ_LA_CAISSE))
    if onglet == "traitees":
        return rows.filter(statut__in=sorted(STATUTS_CLOS))
    if onglet == "brouillons":
        return rows.filter(statut=Statut.BROUILLON)
    return rows


def _left() -> Q:
    return Q(a_reprendre_le__isnull=False, statut__in=sorted(STATUTS_OUVERTS | {Statut.BROUILLON}))


def waiting_by_kind(perimetre: Perimetre) -> list[DemandeQuerySet]:
    """What each kind says waits for the structure, but for what another part holds already."""
    rows = own_demandes(perimetre).filter(statut=Statut.EN_COURS)
    rest = rows.exclude(_left()).exclude(pk__in=with_unread(perimetre))
    asked = [kind.attend for kind in kinds().values() if kind.attend is not None]
    return [rest.filter(pk__in=attend(perimetre.partenaire)) for attend in asked]


def _to_do_ids(perimetre: Perimetre, *, by_kind: bool = True) -> Any:
    """What waits for the structure, in disjoint parts that each have their index."""
    rows = own_demandes(perimetre)
    waiting = sorted({Statut.A_COMPLETER, Statut.BROUILLON})
    left = _left()
    to_complete = rows.filter(statut=Statut.A_COMPLETER).exclude(left).values("pk")
    drafts = rows.filter(statut=Statut.BROUILLON, modifiee_le__lt=perimetre.vieux).exclude(left).values("pk")
    unread = rows.filter(pk__in=with_unread(perimetre)).exclude(Q(statut__in=waiting) | left).values("pk")
    kept = [part.values("pk") for part in waiting_by_kind(perimetre)] if by_kind else []
    return to_complete.union(drafts, unread, rows.filter(left).values("pk"), *kept, all=True)


def _line_rows(rows: DemandeQuerySet) -> DemandeQuerySet:
    """With what a line shows and nothing else; the names are looked up row by row, after the page is cut."""
    demande = OuterRef("pk")
    unread = Message.objects.filter(demande=demande, cote=Cote.CAISSE, lu_le__isnull=True)
    personne = JSONObject(
        prenom="prenom", nom_usage="nom_usage", nom_naissance="nom_naissance", civilite="civilite"
    )
    nom = Concat("prenom", Value(" "), "nom")
    return rows.only(*LINE_FIELDS, "auteur_id", "a_reprendre_le").annotate(
        non_lu=Exists(unread),
        nom_de_la_personne=Subquery(Personne.objects.filter(pk=demande).values(lue=personne)),
        personne_saisie=Subquery(Brouillon.objects.filter(pk=demande).values("donnees__personne")),
        nom_de_l_auteur=Subquery(Utilisateur.objects.filter(pk=OuterRef("auteur")).order_by().values(lu=nom)),
    )


def list_page(membership: Membership, onglet: str, filtres: Filtres, cursor: str = "") -> KeysetPage[Demande]:
    """A page of a tab, by position, with what the lines show."""
    recherche = read_search(filtres.recherche, clock.today()) if filtres.recherche.strip() else None
    if recherche is not None and recherche.vide:
        return KeysetPage([], "", "")
    query = _pages(onglet, filtres.slotted(), recherche.forme if recherche else None)
    searched = recherche.slots() if recherche else {}
    page = query.page(cursor, **vars(Perimetre.of(membership)), **filtres.slots(), **searched)
    _give_caisses(membership, page.rows)
    return page


@lru_cache(maxsize=256)
def _pages(onglet: str, filtres: Filtres, forme: Forme | None) -> KeysetQuery[Demande]:
    return KeysetQuery(lambda: _line_rows(narrowed(tab_rows(SLOTS, onglet), filtres, forme)), RECENT_ORDER)


def neighbours(
    membership: Membership, onglet: str, filtres: Filtres, place: str
) -> tuple[Demande | None, Demande | None]:
    """The demandes before and after a position in a tab; drafts are passed over. Two queries.

    The position is kept, not the demande: one that changed meanwhile does not lose its neighbours.
    """
    recherche = read_search(filtres.recherche, clock.today()) if filtres.recherche.strip() else None
    if not place or (recherche is not None and recherche.vide):
        return None, None
    query = _neighbours(onglet, filtres.slotted(), recherche.forme if recherche else None)
    slots = {**vars(Perimetre.of(membership)), **filtres.slots(), **(recherche.slots() if recherche else {})}
    before, after = query.page(turned(place), **slots).rows, query.page(place, **slots).rows
    return next(iter(before), None), next(iter(after), None)


@lru_cache(maxsize=256)
def _neighbours(onglet: str, filtres: Filtres, forme: Forme | None) -> KeysetQuery[Demande]:
    def rows() -> DemandeQuerySet:
        found = narrowed(tab_rows(SLOTS, onglet), filtres, forme).exclude(statut=Statut.BROUILLON)
        return found.only("reference", "modifiee_le")

    return KeysetQuery(rows, RECENT_ORDER, size=1)


def rows_to_export(membership: Membership, onglet: str, filtres: Filtres) -> Iterator[Demande]:
    """Every demande of a tab, the latest first, without its person; read as it is iterated over."""
    recherche = read_search(filtres.recherche, clock.today()) if filtres.recherche.strip() else None
    if recherche is not None and recherche.vide:
        return
    perimetre = Perimetre.of(membership)
    searched = {**vars(perimetre), **(recherche.slots() if recherche else {})}
    rows = narrowed(
        tab_rows(perimetre, onglet), filtres, recherche.forme if recherche else None, searched.__getitem__
    )
    known = {convention.caisse_id: convention.caisse for convention in membership.conventions}
    yield from exported(rows, known)


def exported(rows: DemandeQuerySet, caisses: dict[int, Caisse]) -> Iterator[Demande]:
    """These rows, the latest first, with what an export tells of each; a batch of them is held at a time."""
    nom = Concat("prenom", Value(" "), "nom")
    auteur = Subquery(Utilisateur.objects.filter(pk=OuterRef("auteur")).order_by().values(lu=nom))
    rows = rows.only(*LINE_FIELDS, "prise_en_charge_le").annotate(nom_de_l_auteur=auteur)
    for demande in rows.order_by(*RECENT_ORDER).iterator(chunk_size=EXPORT_BATCH):
        if demande.caisse_id not in caisses:
            caisses[demande.caisse_id] = Caisse.objects.get(pk=demande.caisse_id)
        demande.caisse = caisses[demande.caisse_id]
        yield demande


def _give_caisses(membership: Membership, demandes: list[Demande]) -> None:
    """Give each demande its caisse: that of the convention in force, or for an old draft one more query."""
    known = {convention.caisse_id: convention.caisse for convention in membership.conventions}
    missing = {demande.caisse_id for demande in demandes} - known.keys()
    if missing:
        known |= Caisse.objects.in_bulk(missing)
    for demande in demandes:
        demande.caisse = known[demande.caisse_id]


def narrowed(
    rows: DemandeQuerySet,
    filtres: Filtres,
    forme: Forme | None = None,
    value: Callable[[str], Any] = Slot,
) -> DemandeQuerySet:
    """The rows that pass the filters, and a search of this shape; `value` gives what is searched, by name."""
    if filtres.statut:
        rows = rows.filter(statut=filtres.statut)
    if filtres.fonction:
        rows = rows.filter(fonction=filtres.fonction)
    if filtres.caisse_id:
        rows = rows.filter(caisse=filtres.caisse_id)
    if filtres.auteur_id:
        rows = rows.filter(auteur=filtres.auteur_id)
    if filtres.depuis:
        rows = rows.filter(modifiee_le__gte=filtres.depuis)
    if filtres.issue:
        rows = rows.filter(issue=filtres.issue)
    if filtres.urgente:
        rows = rows.filter(urgente=True)
    if filtres.motif:
        rows = rows.filter(of_motif(filtres.motif_de, filtres.motif))
    if filtres.retard_a:
        rows = rows.filter(late(LocalDay(filtres.retard_a, "caisse__fuseau")))
    return rows.filter(matching(forme, "partenaire", value)) if forme else rows


@dataclass(frozen=True)
class AFaire:
    """What waits for the structure, for the home page."""

    a_reprendre: list[Demande] = field(default_factory=list)
    a_completer: list[Demande] = field(default_factory=list)
    non_lus: list[Demande] = field(default_factory=list)
    brouillons: list[Demande] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.a_reprendre or self.a_completer or self.non_lus or self.brouillons)


TO_DO_SHOWN = 10
_TO_DO = CompiledQuery(
    # What the kinds add has its own card.
    lambda: _line_rows(own_demandes(SLOTS).filter(pk__in=_to_do_ids(SLOTS, by_kind=False))).order_by(
        "modifiee_le", "pk"
    )[: 4 * TO_DO_SHOWN]
)
LATEST_SHOWN = 10
_LATEST = CompiledQuery(lambda: _line_rows(listed_demandes(SLOTS)).order_by(*RECENT_ORDER)[:LATEST_SHOWN])


def to_do(membership: Membership) -> AFaire:
    """What was left by somebody, is to be completed, has an unread message, or is a draft of three days; one query."""
    found = AFaire()
    rows = _TO_DO.all(**vars(Perimetre.of(membership)))
    _give_caisses(membership, rows)
    for demande in rows:
        if demande.a_reprendre_le is not None and demande.statut not in STATUTS_CLOS:
            found.a_reprendre.append(demande)
        elif demande.statut == Statut.A_COMPLETER:
            found.a_completer.append(demande)
        elif demande.statut == Statut.BROUILLON:
            found.brouillons.append(demande)
        else:
            found.non_lus.append(demande)
    return AFaire(*(shown[:TO_DO_SHOWN] for shown in vars(found).values()))


def latest(membership: Membership) -> list[Demande]:
    """The demandes of the structure where something happened last."""
    rows = _LATEST.all(**vars(Perimetre.of(membership)))
    _give_caisses(membership, rows)
    return rows


def nobody(demande: Demande) -> str:
    """What a demande about nobody is called: only a question is general from the start, the others were erased."""
    return SANS_PERSONNE if demande.fonction == Fonction.CONTACT else EFFACEE


def name_of(demande: Demande) -> str:
    """What the person of a line is called: the name typed so far in a draft, the full one once it is sent."""
    row: Any = demande
    if demande.statut != Statut.BROUILLON:
        return nom_complet(**row.nom_de_la_personne) if row.nom_de_la_personne else nobody(demande)
    step = row.personne_saisie or {}
    prenom, usage, nom = ((step.get(name) or [""])[0] for name in ("prenom", "nom_usage", "nom_naissance"))
    return f"{prenom} {(usage or nom).upper()}".strip()
