"""The one door for every change of status: a table in code, one function that applies it."""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

from portal.errors import DomainError


class ClockEffect(enum.Enum):
    """What a change of status does to the promised delay."""

    NONE = "aucun"
    START = "démarre"
    SUSPEND = "suspend"
    RESUME = "reprend"
    RESTART = "recommence"
    STOP = "arrête"
    CLEAR = "efface"


@dataclass(frozen=True)
class Transition:
    """One line of a table: from a status to another, who may, whether a comment is due, what the clock does."""

    source: str
    target: str
    roles: frozenset[str]
    comment_required: bool = False
    clock: ClockEffect = ClockEffect.NONE
    clocks: Mapping[str, ClockEffect] = field(default_factory=dict, hash=False)
    """The effect for the kinds of object whose delay does something else here."""

    def clock_for(self, kind: str) -> ClockEffect:
        """What it does to the delay of an object of this kind."""
        return self.clocks.get(kind, self.clock)


@dataclass(frozen=True)
class Systeme:
    """The portal itself, acting in a sweep."""

    role: str = "systeme"
    acteur_id: int | None = None
    caisse_id: int | None = None
    partenaire_id: int | None = None


SYSTEME = Systeme()


class StaleObject(DomainError):
    """The object changed since the person opened it; what they typed is kept by the form."""


class ForbiddenTransition(DomainError):
    """The table holds no such change for this role from this status."""


@dataclass(frozen=True)
class TransitionTable:
    """The transitions of one kind of object, whose status is in `column`.

    `derived`: the status follows from other fields, which the change sets; it is not written itself.
    """

    transitions: tuple[Transition, ...]
    labels: dict[str, str] = field(default_factory=dict)
    column: str = "statut"
    noun: str = "le statut"
    derived: bool = False

    def targets(self, source: str, role: str) -> list[str]:
        """The statuses `role` may bring an object to from `source`."""
        return [t.target for t in self.transitions if t.source == source and role in t.roles]

    def find(self, source: str, target: str, role: str) -> Transition:
        """The line for this change.

        Raises:
            ForbiddenTransition: the table holds none.
        """
        for transition in self.transitions:
            if transition.source == source and transition.target == target and role in transition.roles:
                return transition
        label = self.labels.get(source, source)
        raise ForbiddenTransition(
            f"Cette action n’est plus possible\u00a0: {self.noun} est «\u00a0{label}\u00a0».",
            code="transition_interdite",
        )


M = TypeVar("M", bound=models.Model)


def lock(queryset: "models.QuerySet[M]", pk: Any, *, version: int | None = None) -> M:
    """Lock one row until the end of the transaction and check that it is the one that was read.

    Raises:
        StaleObject: its version is no longer `version`.
        Model.DoesNotExist: it is gone, or not of this scope.
    """
    instance = queryset.select_for_update(of=("self",)).get(pk=pk)
    if version is not None and instance.version != version:  # type: ignore[attr-defined]
        raise StaleObject(
            "La demande a changé depuis que vous l’avez ouverte. Votre texte est conservé ci-dessous\u00a0: "
            "vérifiez l’état de la demande avant de recommencer.",
            code="perimee",
        )
    return instance


def apply_transition(
    instance: Any,
    target: str,
    *,
    table: TransitionTable,
    role: str,
    comment: str = "",
    move_clock: Callable[[Any, Transition], Iterable[str]] = lambda instance, transition: (),
    log: Callable[[Any, Transition], None],
    changes: dict[str, Any] | None = None,
) -> Transition:
    """Bring a locked object to `target`: check the table, move the clock, save, write the log.

    `instance` has been locked with `lock()`. `move_clock` changes the clock's fields and names them; `changes`
    are further fields to set with the status. The version grows by one, unless the status is derived.

    Raises:
        ForbiddenTransition: the table holds no such change for `role`.
        DomainError: a comment is due and there is none.
    """
    transition = table.find(getattr(instance, table.column), target, role)
    if transition.comment_required and not comment.strip():
        raise DomainError("Indiquez la raison.", field="commentaire", code="commentaire_requis")
    fields = [] if table.derived else [table.column, "version"]
    for name, value in (changes or {}).items():
        setattr(instance, name, value)
        fields.append(name)
    fields.extend(move_clock(instance, transition))
    if not table.derived:
        setattr(instance, table.column, target)
        instance.version += 1
    instance.save(update_fields=list(dict.fromkeys(fields)))
    log(instance, transition)
    return transition
