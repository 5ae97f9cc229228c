"""What the technicien's home and lists ask."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from accounts.memberships import Membership
from portal import clock
from portal.counts import capped_counts
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


def tab_querysets(membership: Membership) -> dict[str, DemandeQuerySet]:
    """The demandes of each tab."""
    rows = own_demandes(membership)
    old = clock.now() - OLD_DRAFT
    return {
        "a-faire": rows.filter(
            Q(statut=Statut.A_COMPLETER)
            | Q(statut=Statut.BROUILLON, modifiee_le__lt=old)
            | Q(pk__in=with_unread(membership))
        ),
        "en-cours": rows.filter(statut__in=sorted(STATUTS_CHEZ_LA_CAISSE)),
        "traitees": rows.filter(statut__in=sorted(STATUTS_CLOS)),
        "brouillons": rows.filter(statut=Statut.BROUILLON),
        "toutes": rows,
    }


def tab_counts(membership: Membership) -> dict[str, int]:
    """How many demandes each tab holds, up to « plus de 1 000 », in one query."""
    return capped_counts(tab_querysets(membership))


def to_do_count(membership: Membership) -> int:
    """How many demandes wait for the structure."""
    return capped_counts({"a-faire": tab_querysets(membership)["a-faire"]})["a-faire"]


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
        tab_querysets(membership)["a-faire"]
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
