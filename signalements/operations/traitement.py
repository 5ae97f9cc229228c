"""Who works on a demande: taking it in charge, giving it back to the queue, assigning it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import RoleCaisse, Utilisateur
from accounts.permissions import Act, can
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.workflow import ForbiddenTransition
from signalements import courriels
from signalements.enums import LIBELLES_CAISSE, STATUTS_OUVERTS, Statut
from signalements.models import Demande
from signalements.notifications import tell_structure
from signalements.operations.door import change_status, lock_demande
from signalements.queries.agents import may_handle


def take_charge(*, actor: Membership, demande_id: int, version: int | None = None) -> Demande:
    """Take a demande in charge: it is now this person's, and « en cours » (domaine.md §4.6).

    From « complément reçu » the same act resumes the work. Asked twice by the same person, it changes nothing.
    Order of effects: lock, status and assignment, Passage, journal, mail to the structure the first time.

    Raises:
        StaleObject: the demande changed since the page was opened.
        ForbiddenTransition: it is neither to take in charge nor completed.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id)
        if demande.statut == Statut.EN_COURS and demande.assignee_a_id == actor.acteur_id:
            return demande
        demande = lock_demande(actor, demande_id, version=version)
        if demande.statut not in {Statut.ENVOYEE, Statut.COMPLETEE}:
            label = LIBELLES_CAISSE[Statut(demande.statut)]
            raise ForbiddenTransition(
                f"Cette action n’est plus possible\u00a0: le statut est «\u00a0{label}\u00a0».",
                code="transition_interdite",
            )
        first = demande.prise_en_charge_le is None
        changes: dict[str, Any] = {"assignee_a": actor.user}
        if first:
            changes["prise_en_charge_le"] = clock.now()
        change_status(demande, Statut.EN_COURS, actor=actor, changes=changes)
        if first:
            tell_structure(demande, courriels.PRISE_EN_CHARGE, cle=f"prise-en-charge:{demande.version}")
    return demande


def release(*, actor: Membership, demande_id: int, version: int | None = None) -> Demande:
    """Give a demande back to the queue: nobody's again. The structure is not told, its delay goes on.

    Order of effects: lock, status or assignment, Passage, journal. A completed demande keeps its status.

    Raises:
        StaleObject: the demande changed since the page was opened.
        DomainError: somebody else has it in charge; only a superviseur takes it from them.
        ForbiddenTransition: it is not in somebody's charge.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id, version=version)
        if demande.assignee_a_id != actor.acteur_id and not can(actor, Act.SUPERVISER):
            raise DomainError("Cette demande est attribuée à une autre personne.", code="pas_la_votre")
        if demande.statut == Statut.COMPLETEE and demande.assignee_a_id is not None:
            _give(demande, None, actor)
            return demande
        change_status(demande, Statut.ENVOYEE, actor=actor, changes={"assignee_a": None})
    return demande


def assign(
    *,
    actor: Membership,
    demande_ids: Iterable[int],
    agent_id: int,
    versions: Mapping[int, int] | None = None,
    tell: bool = True,
) -> list[Demande]:
    """Give demandes to a member of the caisse's staff, whatever their status while they are open.

    Order of effects: locks in the order of the ids, role of the receiver, assignment, journal, mail to the
    receiver (unless not `tell`, or they gave it to themselves). What is already theirs is left alone. Returns those
    that changed. `versions` holds the versions expected, by id.

    Raises:
        PermissionDenied: only a superviseur assigns.
        DomainError: the receiver does not handle this kind of demande, or one of them is closed.
        StaleObject: one of them is no longer at its version.
    """
    if not can(actor, Act.SUPERVISER):
        raise PermissionDenied
    ids = sorted(set(demande_ids))
    if not ids:
        raise DomainError("Choisissez au moins une demande.", field="demandes", code="rien_choisi")
    with transaction.atomic():
        agent = receiver(actor, agent_id)
        expected = versions or {}
        demandes = [lock_demande(actor, pk, version=expected.get(pk)) for pk in ids]
        return [demande for demande in demandes if _assign_one(demande, agent, actor, tell)]


def receiver(actor: Membership, agent_id: int) -> RoleCaisse:
    """The role of a member of the caisse's staff, whoever handles demandes or not.

    Raises:
        DomainError: nobody of the caisse, or an inactive account.
    """
    role = (
        RoleCaisse.objects.filter(content_object_id=actor.caisse_id, user_id=agent_id, user__is_active=True)
        .select_related("user", "permission")
        .first()
    )
    if role is None:
        raise DomainError("Choisissez une personne de la caisse.", field="agent", code="agent_inconnu")
    return role


def _assign_one(demande: Demande, role: RoleCaisse, actor: Membership, tell: bool) -> bool:
    if demande.statut not in STATUTS_OUVERTS:
        raise DomainError(
            f"La demande {demande.reference} est close\u00a0: elle ne peut plus être attribuée.", code="close"
        )
    agent: Utilisateur = role.user
    if not may_handle(Profil(agent.profil), demande.fonction):
        raise DomainError(
            f"{agent.get_full_name()} ne traite pas ce type de demande ({demande.reference}).",
            field="agent",
            code="hors_role",
        )
    if demande.assignee_a_id == agent.pk:
        return False
    _give(demande, agent, actor)
    if tell and agent.pk != actor.acteur_id:
        _tell_assigned(demande, agent)
    return True


def _give(demande: Demande, agent: Utilisateur | None, actor: Membership) -> None:
    demande.assignee_a = agent
    demande.version += 1
    demande.modifiee_le = clock.now()
    demande.save(update_fields=["assignee_a", "version", "modifiee_le"])
    record(
        Verbe.MODIFICATION,
        actor=actor,
        partenaire_id=demande.partenaire_id,
        objet="demande",
        objet_id=demande.reference,
        details={"acte": "attribution", "agent": agent.pk if agent else None, "version": demande.version},
    )


def _tell_assigned(demande: Demande, agent: Utilisateur) -> None:
    from portal.courriels.outbox import queue
    from signalements.notifications import caisse_link

    queue(
        courriels.DEMANDE_ATTRIBUEE,
        cle=f"{demande.pk}:{demande.version}",
        destinataires=[agent],
        reference=demande.reference,
        lien=caisse_link(demande),
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
    )
