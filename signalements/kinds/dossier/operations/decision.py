"""What a dossier keeps of its decision: dates, participation, remedy, and when to remind of the renewal."""

from dataclasses import dataclass
from datetime import date

from portal import clock
from portal.errors import DomainError
from signalements.enums import Issue
from signalements.kinds.dossier.models import Dossier, RegleDossier
from signalements.kinds.dossier.queries import months_before, regles_of
from signalements.models import Demande


@dataclass(frozen=True)
class DecisionDossier:
    """The decision on a dossier. The dates of the right, and whether it is paid for, go with an agreement only."""

    decidee_le: date
    effet_le: date | None = None
    fin_le: date | None = None
    participation: bool | None = None
    recours: str = ""


def keep_decision(demande: Demande, *, given: DecisionDossier) -> None:
    """Keep the decision just given to a locked demande.

    Raises:
        DomainError: a date is missing, the right ends before it begins, or begins before the request.
    """
    dossier = Dossier.objects.get(demande=demande)
    received = clock.local_date(demande.envoyee_le, demande.caisse.fuseau) if demande.envoyee_le else None
    granted = demande.issue == Issue.ACCORD
    if received and given.decidee_le < received:
        raise DomainError(
            "La décision ne peut pas précéder la demande.", field="decidee_le", code="avant_demande"
        )
    if granted:
        _check_dates(given, received)
    dossier.decidee_le, dossier.recours = given.decidee_le, given.recours.strip()
    dossier.effet_le = given.effet_le if granted else None
    dossier.fin_le = given.fin_le if granted else None
    dossier.participation = given.participation if granted else None
    dossier.renouvelee, dossier.rappele_le = False, None
    rule = regles_of(demande.caisse).get(dossier.type)
    dossier.prochain_rappel_le = next_reminder(rule, dossier.fin_le, demande.caisse.today())
    dossier.save()


def _check_dates(given: DecisionDossier, received: date | None) -> None:
    if given.effet_le is None or given.fin_le is None:
        raise DomainError(
            "Un accord porte une date d’effet et une date de fin.", field="effet_le", code="dates"
        )
    if given.fin_le < given.effet_le:
        raise DomainError(
            "Le droit prend fin avant d’avoir commencé. Vérifiez les dates.", field="fin_le", code="fin"
        )
    if received and given.effet_le < received:
        raise DomainError(
            "La date d’effet ne peut pas précéder la demande. Vérifiez-la.", field="effet_le", code="effet"
        )


def next_reminder(rule: RegleDossier | None, fin_le: date | None, today: date) -> date | None:
    """The first day from `today` on when the structure is reminded that a right ends; None when there is none."""
    if rule is None or fin_le is None:
        return None
    days = (months_before(fin_le, months) for months in rule.rappels_mois)
    return min((day for day in days if day >= today), default=None)
