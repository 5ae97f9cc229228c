"""Is a demande of the same kind already open for this person? (domaine.md §4.2)"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.memberships import Membership
from caisses.models import Caisse
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.tenancy import scope
from portal.text import search_key
from signalements.enums import STATUTS_OUVERTS
from signalements.kinds.registry import kind_of, kinds
from signalements.models import Demande
from signalements.querysets import DemandeQuerySet

SHOWN = 5
Objet = Mapping[str, Any]
"""What tells apart the demandes of one service, as a filter: a CSS is no double of an opening of rights."""
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
    kind = kinds()[fonction]
    propres = list(
        _same(Demande.objects.visible_to(membership), caisse, fonction, identite, objet)
        .exclude(pk=sauf or 0)
        .select_related("auteur", kind.relation, *(f"{kind.relation}__{name}" for name in kind.suit))
        .order_by("-envoyee_le", "-id")[:SHOWN]
    )
    ailleurs = _open_elsewhere(membership, caisse, fonction, identite, objet)
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
    membership: Membership, caisse: Caisse, fonction: str, identite: Identite, objet: Objet
) -> date | None:
    """Since when another structure's demande is open; a date and nothing else leaves the system scope."""
    if membership.convention_with(caisse.pk) is None:
        return None
    with scope("systeme"):
        moment = (
            _same(Demande.objects.filter(envoyee_le__lte=clock.now()), caisse, fonction, identite, objet)
            .exclude(partenaire=membership.structure)
            .order_by("envoyee_le")
            .values_list("envoyee_le", flat=True)
            .first()
        )
    return clock.local_date(moment, caisse.fuseau) if moment else None


def _same(
    rows: DemandeQuerySet, caisse: Caisse, fonction: str, identite: Identite, objet: Objet
) -> DemandeQuerySet:
    noms = sorted(identite.noms)
    return rows.filter(
        Q(personne__nom_recherche__in=noms) | Q(personne__nom_usage_recherche__in=noms),
        personne__caisse_id=caisse.pk,
        personne__prenom_recherche=identite.prenom,
        personne__naissance=identite.naissance,
        caisse_id=caisse.pk,
        fonction=fonction,
        statut__in=sorted(STATUTS_OUVERTS),
        **objet,
    )
