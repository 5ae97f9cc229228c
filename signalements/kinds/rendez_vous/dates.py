"""Days and hours of appointments: those of the caisse, in its own time zone, and how they are said."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from caisses.closures import closures_of
from caisses.models import Agence, Caisse
from portal import clock
from portal.calendar import ZoneFeries, add_jours_ouvres, is_jour_ouvre
from portal.errors import DomainError
from portal.ui.text import day_in_words, hour_in_words
from signalements.kinds.rendez_vous.enums import Moment, TypeRendezVous

FARTHEST = timedelta(days=366)
LONGEST = timedelta(hours=4)
UTC = ZoneInfo("UTC")

Disponibilite = tuple[date, date, str]
"""First day, last day, moment."""


@dataclass(frozen=True)
class Quand:
    """A date somebody wants to propose or fix: when, how, where, with whom."""

    debut: datetime
    fin: datetime
    type: str
    agence: Agence | None = None
    agent_id: int | None = None


def moment_of(caisse: Caisse, jour: date, heure: time) -> datetime:
    """That hour of that day at the caisse, in UTC.

    Raises:
        DomainError: the hour does not exist that day (the clocks go forward).
    """
    local = datetime.combine(jour, heure, tzinfo=ZoneInfo(caisse.fuseau))
    found = local.astimezone(UTC)
    if found.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise DomainError(
            "Cette heure n’existe pas ce jour-là : on passe à l’heure d’été. Choisissez une autre heure.",
            field="heure",
            code="heure_inexistante",
        )
    return found


def is_open(caisse: Caisse, jour: date) -> bool:
    """Whether the caisse works that day: neither a weekend, nor a holiday of its zone, nor a closure of its own."""
    return is_jour_ouvre(jour, ZoneFeries(caisse.zone_feries), closures_of(caisse))


def check_day(caisse: Caisse, jour: date, field: str | None = None) -> None:
    """Refuse a day that is past, too far, or closed.

    Raises:
        DomainError: codes « passe », « trop_loin », « ferme ».
    """
    if jour < caisse.today():
        raise DomainError("Ce jour est déjà passé. Choisissez un autre jour.", field=field, code="passe")
    if jour - caisse.today() > FARTHEST:
        raise DomainError("Ce jour est à plus d’un an. Vérifiez l’année.", field=field, code="trop_loin")
    if not is_open(caisse, jour):
        raise DomainError(
            f"La caisse est fermée le {day_in_words(jour, 'l j F Y')}. Choisissez un autre jour.",
            field=field,
            code="ferme",
        )


def check_start(caisse: Caisse, debut: datetime) -> None:
    """Refuse a start on a day that is past, too far or closed, or at an hour of today that is over.

    Raises:
        DomainError: as `check_day`, with « jour » or « heure » as its field.
    """
    check_day(caisse, clock.local_date(debut, caisse.fuseau), "jour")
    if debut <= clock.now():
        raise DomainError(
            "Cette heure est déjà passée. Choisissez-en une autre.", field="heure", code="passe"
        )


def check_quand(caisse: Caisse, quand: Quand) -> None:
    """Refuse a date nobody could keep.

    Raises:
        DomainError: past, closed, an end before its start, an agence that is closed or of another caisse, a form
            the caisse does not offer.
    """
    if quand.fin <= quand.debut:
        raise DomainError("La fin vient après le début. Vérifiez les heures.", field="fin", code="fin")
    if quand.fin - quand.debut > LONGEST:
        raise DomainError("Un rendez-vous dure au plus quatre heures.", field="duree", code="trop_long")
    check_start(caisse, quand.debut)
    if quand.type == TypeRendezVous.VISIO and not caisse.rendez_vous_visio:
        raise DomainError("Cette caisse ne reçoit pas en visioconférence.", field="type", code="visio")
    check_agence(caisse, quand.type, quand.agence)


def check_agence(caisse: Caisse, type_: str, agence: Agence | None) -> None:
    """Refuse an agence that is missing, closed, or of another caisse.

    Raises:
        DomainError: code « agence ».
    """
    if type_ != TypeRendezVous.PHYSIQUE:
        return
    if agence is None or agence.caisse_id != caisse.pk:
        raise DomainError("Choisissez une agence de la caisse.", field="agence", code="agence")
    if not agence.active:
        raise DomainError(
            f"L’agence «\u00a0{agence.nom}\u00a0» ne reçoit plus de public. Choisissez-en une autre.",
            field="agence",
            code="agence",
        )


def after_jours_ouvres(caisse: Caisse, days: int) -> date:
    """The first day from which a notice of that many jours ouvrés is kept."""
    return add_jours_ouvres(caisse.today(), days, ZoneFeries(caisse.zone_feries), closures_of(caisse))


# --- Words


def when_in_words(debut: datetime, fin: datetime | None, fuseau: str) -> str:
    """« mardi 24 novembre 2026 de 10 h à 10 h 30 », in the caisse's time."""
    zone = ZoneInfo(fuseau)
    local = debut.astimezone(zone)
    day = day_in_words(local.date(), "l j F Y")
    if fin is None:
        return f"{day} à {hour_in_words(local)}"
    return f"{day} de {hour_in_words(local)} à {hour_in_words(fin.astimezone(zone))}"


def place_in_words(type_: str, agence: Agence | None) -> str:
    """« Agence de Besançon, 1 place… », « Par téléphone »."""
    if agence is None:
        return str(TypeRendezVous(type_).label)
    return f"{agence.nom}, {', '.join(agence.adresse.split(chr(10)))}"


def free_in_words(disponibilites: list[list[str]]) -> list[str]:
    """What a row keeps of the availabilities, in words."""
    found = []
    for first, last, moment in disponibilites:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        part = str(Moment(moment).label).lower()
        if start == end:
            found.append(f"Le {day_in_words(start, 'l j F Y')}, {part}")
        else:
            found.append(f"Du {day_in_words(start, 'l j F')} au {day_in_words(end, 'l j F Y')}, {part}")
    return found
