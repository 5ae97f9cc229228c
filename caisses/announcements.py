"""The announcements of the moment, for the banner on top of every page."""

from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest

from caisses.models import Annonce
from portal import clock

KEY = "annonces"
READ_AGAIN_SECONDS = 30


def announcements(request: HttpRequest) -> dict[str, Any]:
    """Context of `base.html`: the announcements in force, read when the page draws them."""
    return {"annonces": Announcements()}


class Announcements:
    """The announcements in force now, read again at most every 30 seconds; none while the database is away."""

    def __iter__(self) -> Iterator[Annonce]:
        now = clock.now()
        return iter([row for row in self._known() if row.debut <= now < row.fin])

    def _known(self) -> list[Annonce]:
        found: list[Annonce] | None = cache.get(KEY)
        if found is not None:
            return found
        if connection.needs_rollback:
            return []
        try:
            found = list(Annonce.objects.filter(fin__gt=clock.now()).order_by("debut", "pk")[:20])
        except (DatabaseError, InterfaceError):
            # The page that says so has a banner too.
            return []
        cache.set(KEY, found, READ_AGAIN_SECONDS)
        return found
