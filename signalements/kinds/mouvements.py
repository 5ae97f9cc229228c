"""How a demande comes to a kind and leaves it: put right by an agent, or passed on to another caisse."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from caisses.models import Caisse
from signalements.models import Demande

if TYPE_CHECKING:
    from signalements.operations.complements import ElementDemande
    from signalements.operations.door import Actor

Choix = Mapping[str, Any]
"""What the agent chose in the fields of `Mouvement.choix`."""
Faits = list[tuple[str, object]]


def _closed(demande: Demande) -> dict[str, forms.Field] | None:
    return None


def _nothing(demande: Demande, actor: "Actor") -> None:
    """Most kinds hold nothing elsewhere."""


def _nothing_asked(demande: Demande, actor: "Actor") -> "Sequence[ElementDemande]":
    return ()


def _leaves(demande: Demande) -> bool:
    return False


def _nothing_along(source: Demande, cible: Demande) -> None:
    """Most kinds have no other row than their own."""


@dataclass(frozen=True)
class Motifs:
    """What a demande is about within its service, and what an agent may say it is about.

    Attributes:
        actuel: what it is about now, in words.
        champ: the choices; its initial value is what it is about now.
    """

    actuel: str
    champ: forms.ChoiceField


def _no_motif(demande: Demande) -> Motifs | None:
    return None


def _no_other_motif(demande: Demande, valeur: Any) -> "Sequence[ElementDemande]":
    return ()


@dataclass(frozen=True)
class Mouvement:
    """What a kind does when a demande becomes one of it, changes its motif, stops being one, or goes to another
    caisse.

    Attributes:
        choix: the least an agent has to choose for a demande to become one of this kind, as fields by name; none of
            them when what there is says enough; None when it makes no sense (about nobody, without an agreement, no
            document in the catalogue) and the kind is not offered.
        row: its row for such a demande, not saved, of what there is and of what was chosen.
            Raises DomainError (`field` names a field of `choix`) when the choice does not hold.
        arrive: what follows once its row, new or found again, is there; the demande is locked and saved. What the
            structure still has to give comes back, and is asked as a complément.
        quitte: what it gives back when the demande is no longer one of it (a slot, a period); its rows stay.
        reste: whether this demande can no longer become anything else.
        ancien: the facts to read once the demande is of another kind, for both sides; a constant number of queries.
        ailleurs: its row for another caisse, not saved; None when that caisse does not take it.
        motifs: what the demande is about, and the choices; None when there is nothing to choose.
        motif: puts the chosen one on its row, which keeps all the rest; what the structure still has to give comes
            back, as for `arrive`. Raises DomainError (`field` « motif ») when the choice does not hold.
        emporte: the further rows that go along to the other caisse, once the demande is open there.
    """

    choix: Callable[[Demande], dict[str, forms.Field] | None] = field(default=_closed)
    row: Callable[[Demande, Choix], models.Model] | None = None
    arrive: "Callable[[Demande, Actor], Sequence[ElementDemande]]" = field(default=_nothing_asked)
    quitte: "Callable[[Demande, Actor], None]" = field(default=_nothing)
    reste: Callable[[Demande], bool] = field(default=_leaves)
    ancien: Callable[[Demande], Faits] | None = None
    ailleurs: Callable[[Demande, Caisse], models.Model | None] | None = None
    emporte: Callable[[Demande, Demande], None] = field(default=_nothing_along)
    motifs: Callable[[Demande], Motifs | None] = field(default=_no_motif)
    motif: "Callable[[Demande, Any], Sequence[ElementDemande]]" = field(default=_no_other_motif)


IMMOBILE = Mouvement()
"""A kind no demande comes to, and that no other caisse takes."""


def about_somebody(demande: Demande) -> bool:
    """Whether it is about a person who agreed: what every kind but the question asks for."""
    return not demande.sans_personne and demande.accord_recueilli


def copy_of(row: models.Model, **changes: Any) -> Any:
    """A row with the same values, not saved."""
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    return type(row)(**{**values, **changes})


def own_row(relation: str) -> Callable[[Demande, Caisse], models.Model | None]:
    """`ailleurs` for a kind whose row says nothing of its caisse: the same row."""

    def ailleurs(demande: Demande, caisse: Caisse) -> models.Model | None:
        copy: models.Model = copy_of(getattr(demande, relation))
        return copy

    return ailleurs


def selection(label: str, choices: Sequence[tuple[str, str]], empty: str) -> forms.ChoiceField:
    """A list from which one entry has to be chosen."""
    return forms.ChoiceField(
        label=label, choices=[("", empty), *choices], error_messages={"required": f"{empty}."}
    )
