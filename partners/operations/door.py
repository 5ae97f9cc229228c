"""The door of the conventions: every change of state goes through here, every act is in the log and the journal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F

from partners.enums import ActeConvention, Partie
from partners.models import Convention, PassageConvention
from partners.transitions import TABLE
from portal import clock
from portal.audit.journal import Actor, record, record_all
from portal.audit.models import Verbe
from portal.compiled import IsAnyOf
from portal.errors import DomainError
from portal.workflow import SYSTEME, StaleObject, Transition, apply_transition

STALE = (
    "Quelqu’un a modifié cette convention depuis que vous l’avez ouverte. Vos saisies sont conservées "
    "ci-dessous\u00a0: comparez-les avec la page à jour avant de recommencer."
)


def lock_convention(actor: Actor, pk: int, *, version: int | None = None) -> Convention:
    """Lock a convention this actor may see, until the end of the transaction.

    A métier is always locked before what leans on it.

    Raises:
        DomainError: there is none for this actor.
        StaleObject: it is no longer at `version`.
    """
    rows = Convention.objects.all() if actor is SYSTEME else Convention.objects.visible_to(actor)
    found = rows.select_related("caisse", "partenaire").select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise DomainError("Cette convention n’est pas de celles que vous suivez.", code="hors_perimetre")
    if version is not None and found.version != version:
        raise StaleObject(STALE, code="version")
    return found


def change_state(
    convention: Convention,
    target: str,
    *,
    actor: Actor,
    commentaire: str = "",
    jour: date | None = None,
    changes: dict[str, Any] | None = None,
) -> Transition:
    """Bring a locked convention to `target`; write its log and the journal.

    Raises:
        ForbiddenTransition: the table holds no such change for this actor's role.
        DomainError: a reason is due.
    """

    def log(instance: Convention, transition: Transition) -> None:
        _log(instance, actor, ActeConvention.ETAT, transition.source, jour=jour, commentaire=commentaire)

    transition = apply_transition(
        convention, target, table=TABLE, role=actor.role, comment=commentaire, log=log, changes=changes
    )
    _journal(convention, actor, ActeConvention.ETAT, de=transition.source, vers=transition.target)
    return transition


def log_act(
    convention: Convention,
    acte: ActeConvention,
    *,
    actor: Actor,
    changes: dict[str, Any] | None = None,
    jour: date | None = None,
    partie: Partie | str = "",
    commentaire: str = "",
) -> None:
    """Write an act that leaves a locked convention in its state, with the fields it changes."""
    for name, value in (changes or {}).items():
        setattr(convention, name, value)
    convention.version += 1
    convention.save(update_fields=[*(changes or {}), "version"])
    _log(convention, actor, acte, convention.etat, jour=jour, partie=partie, commentaire=commentaire)
    _journal(convention, actor, acte)


def log_acts(
    conventions: Sequence[Convention],
    acte: ActeConvention,
    *,
    changes: Sequence[str],
    days: Mapping[int, date | None],
) -> None:
    """The same act of the portal on many locked conventions whose `changes` are set already, in a few statements.

    `days`: the day each act bears, by the number of the convention.
    """
    now = clock.now()
    alike: dict[tuple[Any, ...], list[int]] = {}
    for convention in conventions:
        convention.version += 1
        alike.setdefault(tuple(getattr(convention, name) for name in changes), []).append(convention.pk)
    for values, ids in alike.items():
        rows = Convention.objects.filter(IsAnyOf("pk", ids))
        rows.update(**dict(zip(changes, values, strict=True)), version=F("version") + 1)
    PassageConvention.objects.bulk_create(
        PassageConvention(
            convention=convention,
            acte=acte,
            de=convention.etat,
            vers=convention.etat,
            le=now,
            jour=days.get(convention.pk),
        )
        for convention in conventions
    )
    record_all(
        Verbe.MODIFICATION,
        (
            {
                "role": SYSTEME.role,
                "caisse_id": convention.caisse_id,
                "partenaire_id": convention.partenaire_id,
                "objet": "convention",
                "objet_id": convention.pk,
                "details": {"acte": acte.value, "version": convention.version},
            }
            for convention in conventions
        ),
    )


def _log(
    convention: Convention,
    actor: Actor,
    acte: ActeConvention,
    source: str,
    *,
    jour: date | None = None,
    partie: Partie | str = "",
    commentaire: str = "",
) -> None:
    PassageConvention.objects.create(
        convention=convention,
        acte=acte,
        de=source,
        vers=convention.etat,
        le=clock.now(),
        jour=jour,
        acteur_id=actor.acteur_id,
        partie=partie,
        commentaire=commentaire.strip(),
    )


def _journal(convention: Convention, actor: Actor, acte: ActeConvention, **details: object) -> None:
    record(
        Verbe.MODIFICATION,
        actor=actor,
        caisse_id=convention.caisse_id,
        partenaire_id=convention.partenaire_id,
        objet="convention",
        objet_id=convention.pk,
        details={"acte": acte.value, "version": convention.version, **details},
    )
