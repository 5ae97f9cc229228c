"""Is a demande of the same kind already open for this person? (domaine.md §4.2)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Q

from accounts.memberships import Membership
from caisses.models import Caisse
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.compiled import CompiledQuery, IsAnyOf, Slot
from portal.tenancy import scope
from portal.text import search_key
from signalements.enums import STATUTS_OUVERTS
from signalements.kinds.registry import kind_of, kinds
from signalements.models import Demande
from signalements.querysets import DemandeQuerySet

SHOWN = 5
Objet = Mapping[str, Any]
"""What tells apart the demandes of one service, as a filter of constants: a CSS is no double of a PUMa."""
NO_OBJECT: Objet = {}


@dataclass(frozen=True)
class Identite:
    """What tells a person apart: names as they are searched, and the date of birth."""

    noms: frozenset[str]
    prenom: str
    naissance: date

    @classmethod
    def read(cls, nom_naissance: str, nom_usage: str, prenom: str, naissance: date) -> "Identite":
        """From what was typed."""
        noms = frozenset(search_key(nom) for nom in (nom_naissance, nom_usage) if nom)
        return cls(noms, search_key(prenom), naissance)


@dataclass(frozen=True)
class Doublons:
    """The open demandes that seem to be the same: ours in full, those of others by their mere existence."""

    propres: list[Demande] = field(default_factory=list)
    ailleurs_depuis: date | None = None

    def __bool__(self) -> bool:
        return bool(self.propres) or self.ailleurs_depuis is not None

    @property
    def lignes(self) -> list[tuple[Demande, str]]:
        """Ours, each with its service and what it asks for."""
        found = []
        for demande in self.propres:
            kind = kind_of(demande)
            word = kind.en_un_mot(demande)
            found.append((demande, f"{kind.nom} – {word}" if word else kind.nom))
        return found


def open_duplicates(
    membership: Membership,
    caisse: Caisse,
    fonction: str,
    identite: Identite,
    *,
    objet: Objet = NO_OBJECT,
    sauf: int | None = None,
) -> Doublons:
    """The open demandes of this kind and of this object (`Steps.objet`), sent to this caisse for this person.

    Of the structure's own: everything. Of other structures: only that one is open and since when, never whose
    (the one place where a technicien's request reads beyond its tenant). A hit elsewhere is journaled.
    """
    values = {
        "partenaire": membership.structure.pk,
        "caisse": caisse.pk,
        "noms": sorted(identite.noms),
        "prenom": identite.prenom,
        "naissance": identite.naissance,
    }
    same = (fonction, tuple(objet.items()))
    propres = _own(*same).all(caisses=membership.caisses_ouvertes, sauf=sauf or 0, **values)
    ailleurs = _open_elsewhere(membership, caisse, _others(*same), values)
    if ailleurs is not None:
        record(
            Verbe.RECHERCHE,
            actor=membership,
            caisse_id=caisse.pk,
            objet="doublon",
            details={"fonction": fonction, "ailleurs": True},
        )
    return Doublons(propres, ailleurs)


def _open_elsewhere(
    membership: Membership, caisse: Caisse, query: CompiledQuery[Demande], values: Mapping[str, Any]
) -> date | None:
    """Since when another structure's demande is open; a date and nothing else leaves the system scope."""
    if membership.convention_with(caisse.pk) is None:
        return None
    with scope("systeme"):
        oldest = query.first(maintenant=clock.now(), **values)
    return clock.local_date(oldest.envoyee_le, caisse.fuseau) if oldest and oldest.envoyee_le else None


@cache
def _own(fonction: str, objet: tuple[tuple[str, Any], ...]) -> CompiledQuery[Demande]:
    """Those of the structure, of one service and object."""
    kind = kinds()[fonction]
    rows = Demande.objects.filter(IsAnyOf("caisse_id", Slot("caisses")), partenaire=Slot("partenaire"))
    return CompiledQuery(
        lambda: (
            _same(rows, fonction, dict(objet))
            .exclude(pk=Slot("sauf"))
            .select_related("auteur", kind.relation, *(f"{kind.relation}__{name}" for name in kind.suit))
            .order_by("-envoyee_le", "-id")[:SHOWN]
        )
    )


@cache
def _others(fonction: str, objet: tuple[tuple[str, Any], ...]) -> CompiledQuery[Demande]:
    """The oldest of other structures, of one service and object; nothing is read of it but its date."""
    rows = Demande.objects.filter(envoyee_le__lte=Slot("maintenant")).exclude(partenaire=Slot("partenaire"))
    return CompiledQuery(
        lambda: _same(rows, fonction, dict(objet)).only("envoyee_le").order_by("envoyee_le")[:1]
    )


def _same(rows: DemandeQuerySet, fonction: str, objet: Objet) -> DemandeQuerySet:
    names = ("personne__nom_recherche", "personne__nom_usage_recherche")
    return rows.filter(
        Q(IsAnyOf(names[0], Slot("noms"))) | Q(IsAnyOf(names[1], Slot("noms"))),
        personne__caisse_id=Slot("caisse"),
        personne__prenom_recherche=Slot("prenom"),
        personne__naissance=Slot("naissance"),
        caisse_id=Slot("caisse"),
        fonction=fonction,
        statut__in=sorted(STATUTS_OUVERTS),
        **objet,
    )
