"""Finding a date: proposing, accepting, refusing, fixing, moving."""

from collections.abc import Sequence

from django.db import transaction

from accounts.memberships import Membership
from accounts.models import RoleCaisse
from portal import clock
from portal.errors import DomainError
from portal.refusals import said_by, when
from signalements.enums import Statut
from signalements.kinds.rendez_vous import courriels
from signalements.kinds.rendez_vous.dates import Quand, check_quand
from signalements.kinds.rendez_vous.enums import LIEUX_COURRIEL, EtatHoraire, EtatRendezVous, TypeRendezVous
from signalements.kinds.rendez_vous.models import Horaire, RendezVous
from signalements.kinds.rendez_vous.operations.steps import (
    appointment_of,
    date_in_force,
    free,
    go_to,
    keep_promise,
    require_open,
    touch,
    withdraw_proposals,
)
from signalements.models import Demande
from signalements.notifications import tell_caisse, tell_structure
from signalements.operations.door import change_status, lock_demande

MOST_PROPOSED = 3
E = EtatRendezVous


def propose_dates(
    *, actor: Membership, demande_id: int, dates: Sequence[Quand], version: int
) -> list[Horaire]:
    """Propose one to three dates; those proposed before can no longer be taken. Keeps the promised delay.

    Order of effects: lock, dates checked, former proposals withdrawn, dates, step, demande taken in charge,
    promise, mail to the structure.

    Raises:
        StaleObject: the demande changed since the page was opened.
        DomainError: none or too many dates, twice the same, one that nobody could keep, no telephone.
        ForbiddenTransition: a date is fixed already, or the demande is closed.
    """
    if not 1 <= len(dates) <= MOST_PROPOSED:
        raise DomainError(f"Proposez d’une à {MOST_PROPOSED} dates.", code="nombre")
    if len({quand.debut for quand in dates}) < len(dates):
        raise DomainError("Deux dates sont les mêmes. Changez-en une.", code="doublon")
    with transaction.atomic():
        demande = lock_demande(actor, demande_id, version=version)
        rendez_vous = appointment_of(demande)
        require_open(demande)
        for quand in dates:
            _check(demande, rendez_vous, quand, actor)
        withdraw_proposals(demande, EtatHoraire.RETIRE)
        rows = [_row(demande, quand, EtatHoraire.PROPOSE) for quand in dates]
        Horaire.objects.bulk_create(rows)
        go_to(rendez_vous, demande, E.PROPOSE, actor=actor)
        take_charge(demande, actor)
        keep_promise(demande)
        tell_structure(
            demande, courriels.DATES_PROPOSEES, cle=f"dates:{demande.version}", donnees={"nombre": len(rows)}
        )
    return rows


def accept_date(*, membership: Membership, reference: str, horaire_id: int) -> Demande:
    """Take one of the dates proposed; accepting it again changes nothing.

    Order of effects: lock, date fixed, the others discarded, step, mails to both sides.

    Raises:
        Demande.DoesNotExist: none for this structure.
        DomainError: the date was withdrawn or discarded, is past, or another one is fixed; codes
            « proposition_retiree », « passe », « deja_fixe ».
    """
    with transaction.atomic():
        demande = _lock(membership, reference)
        rendez_vous = appointment_of(demande)
        horaire = Horaire.objects.filter(demande=demande, pk=horaire_id).first()
        if horaire is None:
            raise DomainError("Choisissez une des dates proposées.", code="proposition_inconnue")
        if horaire.etat == EtatHoraire.FIXE:
            return demande
        if rendez_vous.statut == E.CONFIRME:
            raise DomainError("Une autre date est déjà fixée pour ce rendez-vous.", code="deja_fixe")
        if horaire.etat != EtatHoraire.PROPOSE:
            raise DomainError(
                "Cette date n’est plus proposée. Choisissez parmi celles de la page.",
                code="proposition_retiree",
            )
        require_open(demande)
        if horaire.debut <= clock.now():
            raise DomainError("Cette date est passée. Demandez-en une autre.", code="passe")
        horaire.etat = EtatHoraire.FIXE
        save_fixed(horaire)
        withdraw_proposals(demande, EtatHoraire.ECARTE)
        go_to(rendez_vous, demande, E.CONFIRME, actor=membership)
        touch(demande)
        tell_fixed(demande, horaire)
        tell_caisse(demande, courriels.DATE_ACCEPTEE, cle=f"accord:{horaire.pk}")
    return demande


def refuse_dates(
    *,
    membership: Membership,
    reference: str,
    disponibilites: list[list[str]],
    commentaire: str = "",
    version: int,
) -> Demande:
    """Take none of the dates proposed, and say when the person is free.

    Order of effects: lock, proposals discarded, availabilities, step, mail to the caisse.

    Raises:
        Demande.DoesNotExist: none for this structure.
        StaleObject: it changed since the page was shown.
        DomainError: no availability, or nothing is proposed.
    """
    with transaction.atomic():
        demande = lock_demande(membership, _lock(membership, reference).pk, version=version)
        rendez_vous = appointment_of(demande)
        require_open(demande)
        withdraw_proposals(demande, EtatHoraire.ECARTE)
        _set_free(rendez_vous, disponibilites)
        go_to(rendez_vous, demande, E.DEMANDE, actor=membership, commentaire=commentaire)
        touch(demande)
        tell_caisse(demande, courriels.DATES_REFUSEES, cle=f"refus:{demande.version}")
    return demande


def fix_date(
    *, actor: Membership, demande_id: int, quand: Quand, version: int, commentaire: str = ""
) -> Horaire:
    """Fix the date with the person, on the telephone for example; a date already fixed is moved.

    Order of effects: lock, date checked, the former one freed (two steps are logged), proposals withdrawn, date,
    step, demande taken in charge, promise, mail to the structure.

    Raises:
        StaleObject: the demande changed since the page was opened.
        DomainError: a date that nobody could keep, no telephone, an agent who is not free (code « agent_pris »).
        ForbiddenTransition: the demande is closed.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id, version=version)
        rendez_vous = appointment_of(demande)
        require_open(demande)
        _check(demande, rendez_vous, quand, actor)
        former = date_in_force(demande)
        if former is not None:
            free(former)
            go_to(
                rendez_vous, demande, E.REPORTE, actor=actor, commentaire=commentaire or "Nouvelle date fixée"
            )
        withdraw_proposals(demande, EtatHoraire.RETIRE)
        horaire = _row(demande, quand, EtatHoraire.FIXE)
        save_fixed(horaire)
        go_to(rendez_vous, demande, E.CONFIRME, actor=actor, commentaire=commentaire)
        take_charge(demande, actor)
        keep_promise(demande)
        tell_fixed(demande, horaire)
    return horaire


def move_date(
    *,
    actor: Membership,
    demande_id: int,
    raison: str,
    version: int,
    disponibilites: list[list[str]] | None = None,
) -> Demande:
    """Give up the date that is fixed and look for another one; the structure says when the person is free.

    Order of effects: lock, date freed, availabilities, step, mail to the other side.

    Raises:
        Demande.DoesNotExist: none for this actor.
        StaleObject: it changed since the page was shown.
        DomainError: no date is fixed, no reason.
    """
    with transaction.atomic():
        demande = lock_demande(actor, demande_id, version=version)
        rendez_vous = appointment_of(demande)
        require_open(demande)
        horaire = date_in_force(demande)
        if horaire is None:
            raise DomainError("Aucune date n’est fixée pour ce rendez-vous.", code="rien_de_fixe")
        free(horaire)
        if disponibilites is not None:
            _set_free(rendez_vous, disponibilites)
        go_to(rendez_vous, demande, E.REPORTE, actor=actor, commentaire=raison)
        touch(demande)
        tell = tell_caisse if actor.partenaire_id is not None else tell_structure
        tell(demande, courriels.RENDEZ_VOUS_REPORTE, cle=f"report:{demande.version}")
    return demande


def tell_fixed(demande: Demande, horaire: Horaire) -> None:
    """Tell the structure of the date: the day and the kind of place, nothing else."""
    tell_structure(
        demande,
        courriels.RENDEZ_VOUS_FIXE,
        cle=f"fixe:{horaire.pk}",
        donnees={
            "echeance": clock.local_date(horaire.debut, demande.caisse.fuseau).isoformat(),
            "lieu": LIEUX_COURRIEL[TypeRendezVous(horaire.type)],
        },
    )


def _lock(membership: Membership, reference: str) -> Demande:
    rows = Demande.objects.visible_to(membership).exclude(statut=Statut.BROUILLON)
    return lock_demande(membership, rows.values_list("pk", flat=True).get(reference=reference))


def _check(demande: Demande, rendez_vous: RendezVous, quand: Quand, actor: Membership) -> None:
    check_quand(demande.caisse, quand)
    if quand.type not in rendez_vous.motif.types:
        raise DomainError("Ce motif ne se traite pas sous cette forme.", field="type", code="forme")
    if quand.type == TypeRendezVous.TELEPHONE and not demande.personne.telephone:
        raise DomainError(
            "La personne n’a pas laissé de téléphone : choisissez une autre forme, ou demandez-le à la structure.",
            field="type",
            code="sans_telephone",
        )
    if quand.agent_id is not None:
        own = RoleCaisse.objects.filter(
            content_object_id=actor.caisse_id, user_id=quand.agent_id, user__is_active=True
        )
        if not own.exists():
            raise DomainError("Choisissez une personne de la caisse.", field="agent", code="agent_inconnu")


def _row(demande: Demande, quand: Quand, etat: str) -> Horaire:
    return Horaire(
        demande=demande,
        caisse_id=demande.caisse_id,
        partenaire_id=demande.partenaire_id,
        etat=etat,
        debut=quand.debut,
        fin=quand.fin,
        type=quand.type,
        agence=quand.agence,
        agent_id=quand.agent_id,
        cree_le=clock.now(),
    )


def save_fixed(horaire: Horaire) -> None:
    """Save a date in force; the database refuses two at once of one agent."""
    taken = DomainError(
        "Cette personne de la caisse a déjà un rendez-vous à ce moment. Choisissez une autre date.",
        field="agent",
        code="agent_pris",
    )
    with said_by(when("horaire_agent_libre", refusal=taken)):
        horaire.save()


def _set_free(rendez_vous: RendezVous, disponibilites: list[list[str]]) -> None:
    if not disponibilites:
        raise DomainError("Indiquez au moins une disponibilité de la personne.", code="disponibilite")
    rendez_vous.disponibilites = disponibilites
    rendez_vous.save(update_fields=["disponibilites"])


def take_charge(demande: Demande, actor: Membership) -> None:
    """Whoever works on it at the caisse has it in charge; the pages opened before are stale."""
    if demande.statut in {Statut.ENVOYEE, Statut.COMPLETEE}:
        changes = {"assignee_a": demande.assignee_a or actor.user}
        if demande.prise_en_charge_le is None:
            changes["prise_en_charge_le"] = clock.now()  # type: ignore[assignment]
        change_status(demande, Statut.EN_COURS, actor=actor, changes=changes)
    else:
        touch(demande)
