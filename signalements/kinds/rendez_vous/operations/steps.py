"""The door of the appointments: every change of step goes through here, each is logged."""

from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.workflow import apply_transition
from signalements.enums import STATUTS_OUVERTS, Statut
from signalements.kinds.rendez_vous.enums import EtatHoraire
from signalements.kinds.rendez_vous.models import Creneau, EtapeRendezVous, Horaire, RendezVous
from signalements.kinds.rendez_vous.transitions import TABLE
from signalements.models import Demande
from signalements.operations.door import Actor, cote_of


def appointment_of(demande: Demande) -> RendezVous:
    """The appointment of a locked demande, read afresh.

    Raises:
        DomainError: the demande is of another kind.
    """
    found = RendezVous.objects.filter(demande=demande).select_related("motif", "agence").first()
    if found is None:
        raise DomainError("Cette demande n’est pas un rendez-vous.", code="autre_service")
    return found


def require_open(demande: Demande) -> None:
    """Refuse what is closed, or waits for the structure.

    Raises:
        DomainError: codes « close », « complement_ouvert ».
    """
    if demande.statut not in STATUTS_OUVERTS:
        raise DomainError("Cette demande est close\u00a0: le rendez-vous ne change plus.", code="close")
    if demande.statut == Statut.A_COMPLETER:
        raise DomainError(
            "Un complément est en attente\u00a0: il vient d’abord, ou la caisse le retire.",
            code="complement_ouvert",
        )


def go_to(
    rendez_vous: RendezVous, demande: Demande, etat: str, *, actor: Actor, commentaire: str = ""
) -> None:
    """Bring the appointment of a locked demande to a step; log it and write the journal.

    Raises:
        ForbiddenTransition: the table holds no such change for this role.
        DomainError: a comment is due.
    """
    before = rendez_vous.statut

    def log(row: RendezVous, transition: object) -> None:
        EtapeRendezVous.objects.create(
            demande=demande,
            caisse_id=demande.caisse_id,
            partenaire_id=demande.partenaire_id,
            de=before,
            vers=etat,
            le=clock.now(),
            acteur_id=actor.acteur_id,
            cote=cote_of(actor),
            commentaire=commentaire.strip(),
        )

    apply_transition(rendez_vous, etat, table=TABLE, role=actor.role, comment=commentaire, log=log)
    record(
        Verbe.TRANSITION,
        actor=actor,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        objet="rendez_vous",
        objet_id=demande.reference,
        details={"de": before, "vers": etat, "version": rendez_vous.version},
    )


def touch(demande: Demande) -> None:
    """The demande changed: pages opened before are stale."""
    demande.version += 1
    demande.modifiee_le = clock.now()
    demande.save(update_fields=["version", "modifiee_le"])


def keep_promise(demande: Demande) -> None:
    """The first date was proposed: what was promised is kept (decisions.md §3)."""
    if demande.promesse_tenue_le is None:
        demande.promesse_tenue_le = clock.now()
        demande.save(update_fields=["promesse_tenue_le"])


def date_in_force(demande: Demande) -> Horaire | None:
    """The date that is fixed, if there is one."""
    return Horaire.objects.filter(demande=demande, etat=EtatHoraire.FIXE).first()


def withdraw_proposals(demande: Demande, etat: str) -> None:
    """Nothing that was proposed can be taken any more."""
    rows = Horaire.objects.filter(demande=demande, etat=EtatHoraire.PROPOSE)
    rows.update(etat=etat, clos_le=clock.now())


def free(horaire: Horaire) -> None:
    """Give a fixed date back, and its place; the row stays as history."""
    horaire.etat, horaire.clos_le = EtatHoraire.LIBERE, clock.now()
    horaire.save(update_fields=["etat", "clos_le"])
    if horaire.creneau_id is not None:
        Creneau.objects.filter(pk=horaire.creneau_id).update(pris=False)
