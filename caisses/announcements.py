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
    return {"annonces": Announcements(getattr(request, "membership", None))}


class Announcements:
    """The announcements in force now, read again at most every 30 seconds; none while the database is away.

    Those of one caisse are for its accounts, for the structures that work with it, and for the national level.
    """

    def __init__(self, membership: Any = None) -> None:
        self.membership = membership

    def __iter__(self) -> Iterator[Annonce]:
        now = clock.now()
        shown = [row for row in self._known() if row.debut <= now < row.fin]
        return iter([row for row in shown if row.caisse_id is None or self._concerned(row)])

    def _concerned(self, row: Annonce) -> bool:
        if self.membership is None:
            return False
        if self.membership.partenaire_id is None:
            return self.membership.caisse_id in (None, row.caisse_id)
        try:
            return row.concerns(self.membership.caisses_ouvertes)
        except (DatabaseError, InterfaceError):
            return False

    def _known(self) -> list[Annonce]:
        found: list[Annonce] | None = cache.get(KEY)
        if found is not None:
            return found
        if connection.needs_rollback:
            return []
        try:
            found = list(
                Annonce.objects.filter(fin__gt=clock.now())
                .select_related("caisse")
                .order_by("debut", "pk")[:20]
            )
        except (DatabaseError, InterfaceError):
            # The page that says so has a banner too.
            return []
        cache.set(KEY, found, READ_AGAIN_SECONDS)
        return found
