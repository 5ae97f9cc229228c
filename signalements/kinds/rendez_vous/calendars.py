"""Appointments as calendars read them (RFC 5545): a reference, a kind of place, an hour, and nobody's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event

from signalements.enums import Cote
from signalements.kinds.rendez_vous.enums import TypeRendezVous
from signalements.kinds.rendez_vous.models import Horaire
from signalements.notifications import CAISSE_PATH, PARTNER_PATH

PRODUCT = "-//Espace Partenaires//Rendez-vous//FR"
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Entry:
    """An appointment in a calendar."""

    uid: str
    reference: str
    lieu: str
    debut: datetime
    fin: datetime
    lien: str
    change: datetime

    @classmethod
    def of(cls, horaire: Horaire, reference: str, cote: Cote) -> "Entry":
        """The entry of a fixed date, linking to the page of one side."""
        path = CAISSE_PATH if cote == Cote.CAISSE else PARTNER_PATH
        return cls(
            uid=f"{reference}@espace-partenaires",
            reference=reference,
            lieu=str(TypeRendezVous(horaire.type).label),
            debut=horaire.debut,
            fin=horaire.fin,
            lien=f"{settings.SITE_URL}{path}{reference}/",
            change=horaire.cree_le,
        )


def calendar_of(entries: Iterable[Entry], *, now: datetime, nom: str = "") -> bytes:
    """The file; hours are in UTC, so that every calendar shows them in its own time."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if nom:
        calendar.add("x-wr-calname", nom)
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("last-modified", entry.change.astimezone(UTC))
        event.add("dtstart", entry.debut.astimezone(UTC))
        event.add("dtend", entry.fin.astimezone(UTC))
        event.add("summary", f"Rendez-vous {entry.reference}")
        event.add("location", entry.lieu)
        event.add("url", entry.lien)
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
