"""The slots of the plages: which there are, which are free, how they are named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from caisses.models import Caisse
from portal import clock
from portal.errors import DomainError
from signalements.kinds.rendez_vous.dates import (
    UTC,
    after_jours_ouvres,
    is_open,
    moment_of,
    place_in_words,
    when_in_words,
)
from signalements.kinds.rendez_vous.models import Creneau, PlageHoraire

SHOWN = 24
FORMAT = "%Y%m%dT%H%M"


@dataclass(frozen=True)
class Libre:
    """A free slot, in words."""

    cle: str
    plage: PlageHoraire
    debut: datetime
    fin: datetime
    texte: str

    @property
    def sous_jour(self) -> tuple[str, str]:
        """The day its slots stand under, and the words that are left."""
        day, _, rest = self.texte.partition(" de ")
        return day, rest


def moments_of(
    plage: PlageHoraire, caisse: Caisse, first: date, last: date
) -> Iterator[tuple[datetime, datetime]]:
    """The slots of a plage between two days: those the caisse works, each hour in the caisse's own time."""
    day = max(first, plage.du)
    while day <= min(last, plage.au):
        if day.isoweekday() in plage.jours and is_open(caisse, day):
            yield from _of_day(plage, caisse, day)
        day += timedelta(days=1)


def _of_day(plage: PlageHoraire, caisse: Caisse, day: date) -> Iterator[tuple[datetime, datetime]]:
    step = timedelta(minutes=plage.duree)
    try:
        debut, end = moment_of(caisse, day, plage.heure_debut), moment_of(caisse, day, plage.heure_fin)
    except DomainError:
        return
    while debut + step <= end:
        yield debut, debut + step
        debut += step


def plages_for(caisse: Caisse, partenaire_id: int, motif: str = "") -> list[PlageHoraire]:
    """The plages a structure may book, for one motif if it is known."""
    rows = PlageHoraire.objects.filter(
        Q(partenaire__isnull=True) | Q(partenaire_id=partenaire_id), caisse=caisse, active=True
    ).select_related("agence")
    return [
        plage
        for plage in rows
        if (not plage.motifs or not motif or motif in plage.motifs)
        and (plage.agence is None or plage.agence.active)
    ]


def window(plage: PlageHoraire, caisse: Caisse) -> tuple[date, date]:
    """The first and the last day on which a plage may be booked today."""
    return (
        after_jours_ouvres(caisse, plage.preavis_min),
        caisse.today() + timedelta(days=plage.preavis_max),
    )


def free_slots(caisse: Caisse, partenaire_id: int, motif: str = "", limit: int = SHOWN) -> list[Libre]:
    """The next free slots, in order, each once however many places it has left; two queries."""
    plages = {plage.pk: plage for plage in plages_for(caisse, partenaire_id, motif)}
    if not plages:
        return []
    within = Q()
    for plage in plages.values():
        first, last = window(plage, caisse)
        within |= Q(
            plage=plage, debut__gte=_start(caisse, first), debut__lt=_start(caisse, last + timedelta(days=1))
        )
    rows = (
        Creneau.objects.filter(within, caisse=caisse, pris=False, retire=False, debut__gt=clock.now())
        .values_list("plage_id", "debut", "fin")
        .distinct()
        .order_by("debut", "plage_id")
    )
    found = []
    for pk, debut, fin in rows[: limit * 2]:
        if is_open(caisse, clock.local_date(debut, caisse.fuseau)):
            found.append(_libre(plages[pk], debut, fin, caisse))
    return found[:limit]


def _start(caisse: Caisse, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(caisse.fuseau))


def _libre(plage: PlageHoraire, debut: datetime, fin: datetime, caisse: Caisse) -> Libre:
    words = f"{when_in_words(debut, fin, caisse.fuseau)} – {place_in_words(plage.type, plage.agence)}"
    words = words[0].upper() + words[1:]
    return Libre(f"{plage.pk}.{debut.astimezone(UTC):{FORMAT}}", plage, debut, fin, words)


def read_key(cle: str) -> tuple[int, datetime]:
    """The plage and the start a key names.

    Raises:
        DomainError: it names none.
    """
    plage, _, start = cle.partition(".")
    try:
        return int(plage), datetime.strptime(start, FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise DomainError("Choisissez un créneau de la liste.", field="creneau", code="creneau") from None
