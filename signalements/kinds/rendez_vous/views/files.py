"""Calendars: the file of one appointment."""

from django.http import Http404, HttpResponse

from portal import clock
from signalements.enums import Cote
from signalements.kinds.rendez_vous.calendars import Entry, calendar_of
from signalements.kinds.rendez_vous.operations.steps import date_in_force
from signalements.models import Demande

ICS = "text/calendar; charset=utf-8"


def calendar_file(demande: Demande, cote: Cote) -> HttpResponse:
    """The date that is fixed, as a file for a calendar: reference, kind of place, hour; 404 without one."""
    horaire = date_in_force(demande)
    if horaire is None:
        raise Http404
    entry = Entry.of(horaire, demande.reference, cote)
    response = HttpResponse(calendar_of([entry], now=clock.now()), content_type=ICS)
    response["Content-Disposition"] = f'attachment; filename="{demande.reference}.ics"'
    response["Cache-Control"] = "no-store, private"
    return response
