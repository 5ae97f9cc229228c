"""`manage.py sweep NAME [--at DATE]`: run a sweep by hand, today or as if it were another day."""

from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import clock, sweeps


def moment(text: str) -> datetime:
    """Read « 2026-12-24 » (noon in Paris, the same day in every caisse) or « 2026-12-24T08:00+01:00 »."""
    zone = ZoneInfo(settings.TIME_ZONE)
    try:
        if "T" not in text:
            return datetime.combine(date.fromisoformat(text), time(12), tzinfo=zone)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"Cannot read the date {text!r}: give 2026-12-24 or 2026-12-24T08:00.") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


class Command(BaseCommand):
    """Runs one sweep, or lists them all."""

    help = "Run a sweep by hand; running it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="the sweep to run")
        parser.add_argument("--at", metavar="DATE", help="run it as if it were that day (or moment)")
        parser.add_argument("--list", action="store_true", help="list the sweeps")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            for found in sweeps.all_sweeps():
                self.stdout.write(f"{found.name:<24} {found.every!s:>16}  {found.label}")
            return
        if not options["name"]:
            raise CommandError("Give the name of a sweep, or --list.")
        with clock.at(moment(options["at"])) if options["at"] else nullcontext():
            try:
                rows = sweeps.run(options["name"])
            except KeyError as error:
                raise CommandError(f"No sweep is called {options['name']!r}; see --list.") from error
        self.stdout.write(f"{options['name']}: {rows}")
