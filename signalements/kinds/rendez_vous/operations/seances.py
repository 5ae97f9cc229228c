"""The day of a permanence as the date of the demandes grouped for it: fixed in one act."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from accounts.memberships import Membership
from caisses.enums import Fonction
from portal.errors import DomainError
from signalements.kinds.rendez_vous.dates import Quand, moment_of
from signalements.kinds.rendez_vous.enums import TypeRendezVous
from signalements.kinds.rendez_vous.models import DossierSeance, Seance
from signalements.kinds.rendez_vous.operations.fixing import fix_date
from signalements.kinds.rendez_vous.operations.permanences import own_caisse, require_groupable
from signalements.kinds.rendez_vous.operations.steps import date_in_force
from signalements.models import Demande
from signalements.operations.door import lock_demande


@dataclass
class Fixees:
    """How many dates were fixed, and why others were not, by reference."""

    nombre: int = 0
    refus: dict[str, str] = field(default_factory=dict)


def fix_for_seance(*, actor: Membership, seance_id: int) -> Fixees:
    """Fix the appointment of every demande grouped for a day, each at its own hour, in the structure's order.

    The hours of the permanence are shared out among the people it receives at most. A demande that cannot be received
    that day (another service, closed, a date fixed elsewhere) is left as it is, with the reason; the others go
    through. Said again, it fixes those that were added since. Order of effects: day locked, then one demande after
    the other, each as `fix_date`.

    Raises:
        Seance.DoesNotExist: none for this caisse.
        DomainError: a recurring permanence, one that is not validated or is past, nothing grouped.
    """
    done = Fixees()
    with transaction.atomic():
        seance = (
            Seance.objects.filter(caisse=own_caisse(actor))
            .select_related("permanence", "caisse")
            .select_for_update(of=("self",))
            .get(pk=seance_id)
        )
        require_groupable(seance)
        rows = DossierSeance.objects.filter(
            seance=seance, caisse_id=seance.caisse_id, partenaire_id=seance.partenaire_id
        )
        linked = list(rows.select_related("demande").order_by("numero"))
        if not linked:
            raise DomainError("La structure n’a regroupé aucune demande pour ce jour.", code="rien_de_groupe")
        for row in linked:
            try:
                with transaction.atomic():
                    done.nombre += _fix(actor, row.demande_id, turn_of(seance, row.numero))
            except DomainError as error:
                done.refus[row.demande.reference] = error.message
    return done


def turn_of(seance: Seance, numero: int) -> Quand:
    """When the person of that rank is received: the hours of the permanence, in equal turns of whole minutes.

    Raises:
        DomainError: an hour that does not exist that day.
    """
    permanence = seance.permanence
    start = moment_of(seance.caisse, seance.jour, permanence.heure_debut)
    end = moment_of(seance.caisse, seance.jour, permanence.heure_fin)
    minutes = max(int((end - start).total_seconds() // 60) // permanence.capacite, 1)
    turn = timedelta(minutes=minutes)
    begin = start + (numero - 1) * turn
    return Quand(begin, begin + turn, TypeRendezVous.PERMANENCE)


def _fix(actor: Membership, demande_id: int, quand: Quand) -> bool:
    """Whether the date was fixed now; it was already when it is the same."""
    demande: Demande = lock_demande(actor, demande_id)
    if demande.fonction != Fonction.RENDEZ_VOUS:
        raise DomainError(
            "Ce n’est pas une demande de rendez-vous\u00a0: elle reste sur la liste du jour.",
            code="autre_service",
        )
    fixed = date_in_force(demande)
    if fixed is not None:
        if (fixed.debut, fixed.type) == (quand.debut, quand.type):
            return False
        raise DomainError("Une autre date est déjà fixée pour ce rendez-vous.", code="deja_fixe")
    fix_date(actor=actor, demande_id=demande.pk, quand=quand, version=demande.version)
    return True
