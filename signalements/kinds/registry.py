"""The kinds of demande: what each gives to the envelope they all share.

A kind is a folder of `signalements/kinds/`; it is registered here and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass

from caisses.enums import ListeMotifs
from caisses.models import Caisse
from signalements.enums import Issue
from signalements.fiches import GENERALE, Fiche
from signalements.models import Demande

MotifLabels = dict[tuple[str, str], str]
"""(list, code) to label: the words of the reference lists."""


@dataclass(frozen=True)
class Team:
    """Who, at the caisse, is told of a new demande of a kind."""

    nom: str
    courriel: str


@dataclass(frozen=True)
class Kind:
    """What the envelope asks of a kind.

    Attributes:
        fonction: the function of the portal (`caisses.enums.Fonction`) it serves.
        nom: its short name in lists.
        relation: the one-to-one relation from Demande that holds its own fields.
        issues: the outcomes it may end with, in the order they are offered.
        aides: a hint for some outcomes, by code.
        motifs: the reference list from which an outcome needs a motif.
        detail: the facts to read, (label, value) pairs; a value may be a list of labels.
        detail_template: the template that shows them.
        team: the team of a caisse that receives it.
        promet_un_contact: the promised delay is that of the first contact with the person.
        fiche: its words on the sheet for the person.
    """

    fonction: str
    nom: str
    relation: str
    issues: tuple[Issue, ...]
    aides: dict[str, str]
    motifs: dict[str, ListeMotifs]
    detail: Callable[[Demande, MotifLabels], list[tuple[str, object]]]
    detail_template: str
    team: Callable[[Caisse], Team]
    promet_un_contact: bool = False
    fiche: Fiche = GENERALE


def _registered() -> dict[str, Kind]:
    # Imported late: a kind's models need the envelope's, which need this package.
    from signalements.kinds.saisine.kind import SAISINE

    return {kind.fonction: kind for kind in (SAISINE,)}


def kinds() -> dict[str, Kind]:
    """The kinds that are built, by function."""
    return _registered()


def kind_of(demande: Demande) -> Kind:
    """The kind of a demande.

    Raises:
        KeyError: this kind is not built.
    """
    return _registered()[demande.fonction]


def relations() -> list[str]:
    """The relations to follow to read any demande in one query."""
    return [kind.relation for kind in _registered().values()]
