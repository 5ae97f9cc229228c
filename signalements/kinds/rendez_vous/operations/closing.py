"""What becomes of the appointment when its demande is closed or reopened, and whether the person came."""

from collections.abc import Sequence

from accounts.memberships import Membership
from portal import clock
from portal.errors import DomainError
from portal.tenancy import scope
from portal.workflow import Transition
from signalements.enums import Issue, Statut
from signalements.kinds.rendez_vous.enums import ETATS_OUVERTS, EtatHoraire, EtatRendezVous
from signalements.kinds.rendez_vous.models import DossierSeance, EtapeRendezVous, Horaire, RendezVous
from signalements.kinds.rendez_vous.operations.steps import (
    appointment_of,
    date_in_force,
    free,
    go_to,
    withdraw_proposals,
)
from signalements.models import Demande
from signalements.operations.decisions import Decision, decide
from signalements.operations.door import Actor

E = EtatRendezVous
PRESENCE = {Issue.HONORE: E.HONORE, Issue.ABSENT: E.ABSENT}


def record_presence(*, actor: Membership, demande_id: int, honore: bool, version: int) -> Demande:
    """Say whether the person came: the outcome of the demande.

    Raises:
        StaleObject: the demande changed since the page was opened.
        DomainError: no date is fixed, or it has not begun.
    """
    issue = Issue.HONORE if honore else Issue.ABSENT
    return decide(actor=actor, demande_id=demande_id, decision=Decision(issue), version=version)


def erase(ids: Sequence[int]) -> None:
    """The words of appointments and when the person was free; their dates are counted and stay."""
    RendezVous.objects.filter(pk__in=ids).update(
        accompagnant="", langue_interprete="", precision="", disponibilites=[], besoins=[]
    )
    EtapeRendezVous.objects.filter(demande__in=ids).update(commentaire="")
    DossierSeance.objects.filter(demande__in=ids).delete()


def check_outcome(demande: Demande, issue: Issue, commentaire: str) -> None:
    """« Honoré » and « non honoré » need a date that has begun.

    Raises:
        DomainError: codes « rien_de_fixe », « a_venir ».
    """
    if issue not in PRESENCE:
        return
    horaire = date_in_force(demande)
    if horaire is None:
        raise DomainError(
            "Aucune date n’est fixée : fixez le rendez-vous, ou choisissez une autre issue.",
            field="issue",
            code="rien_de_fixe",
        )
    if horaire.debut > clock.now():
        raise DomainError("Le rendez-vous n’a pas encore eu lieu.", field="issue", code="a_venir")


def follow_status(demande: Demande, transition: Transition, actor: Actor) -> None:
    """What the change of status of the demande, just made, does to its appointment.

    An outcome closes it and frees its date unless the person was expected; cancelled by the structure, it is the
    person's; reopened, the date that was kept is back.
    """
    target = transition.target
    if target == Statut.TRAITEE:
        _close(demande, actor)
    elif target == Statut.ANNULEE:
        cancel(demande, E.ANNULE_PERSONNE, actor)
    elif transition.source == Statut.TRAITEE:
        rendez_vous = appointment_of(demande)
        back = E.CONFIRME if date_in_force(demande) is not None else E.DEMANDE
        go_to(rendez_vous, demande, back, actor=actor)


def _close(demande: Demande, actor: Actor) -> None:
    etat = PRESENCE.get(Issue(demande.issue))
    if etat is None:
        by_person = demande.issue == Issue.ANNULE_PERSONNE
        cancel(demande, E.ANNULE_PERSONNE if by_person else E.ANNULE_CAISSE, actor)
        return
    go_to(appointment_of(demande), demande, etat, actor=actor)


def cancel(demande: Demande, etat: str, actor: Actor, *, commentaire: str = "") -> None:
    """Close an appointment that is open; its date and its place are freed, what was proposed is discarded."""
    rendez_vous, horaire = appointment_of(demande), date_in_force(demande)
    if rendez_vous.statut not in ETATS_OUVERTS:
        return
    if horaire is not None:
        free(horaire)
    withdraw_proposals(demande, EtatHoraire.ECARTE)
    go_to(rendez_vous, demande, etat, actor=actor, commentaire=commentaire)


def undo_sending(demande: Demande) -> None:
    """The sending is undone: nothing of the appointment stays, and its place is free again."""
    horaire = date_in_force(demande)
    if horaire is not None:
        free(horaire)
    # No role of a tenant may delete rows of the log.
    with scope("systeme"):
        Horaire.objects.filter(demande=demande).delete()
        EtapeRendezVous.objects.filter(demande=demande).delete()
