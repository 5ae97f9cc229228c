"""The daily digest: the ordinary mails of those who want them together, once each jour ouvré."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format

from portal import clock
from portal.calendar import ZoneFeries, add_jours_ouvres, is_jour_ouvre
from portal.courriels.rendering import digest, line, message
from portal.courriels.sending import Mailer, address_of, failed, give_up, mark_sent, pending
from portal.sweeps import try_lock

HOUR = time(7, 30)
"""When the digest leaves, in the time zone of the caisse."""


@dataclass(frozen=True)
class Place:
    """Where a digest is due: a caisse, or the portal itself for what belongs to none."""

    zone: ZoneFeries
    fuseau: str
    closures: frozenset[date]

    @cached_property
    def today(self) -> date:
        """Today's date there."""
        return clock.today(self.fuseau)

    @property
    def moment(self) -> datetime | None:
        """When today's digest leaves; None on a day that is not worked, and before the hour."""
        if not is_jour_ouvre(self.today, self.zone, self.closures):
            return None
        due = datetime.combine(self.today, HOUR, tzinfo=ZoneInfo(self.fuseau))
        return due if due <= clock.now() else None

    @property
    def since(self) -> str:
        """« hier », or the name of the last jour ouvré: « vendredi » on Mondays."""
        last = add_jours_ouvres(self.today, -1, self.zone, self.closures)
        return "hier" if self.today - last == timedelta(days=1) else date_format(last, "l")


def send_digests(limit: int) -> int:
    """Send today's digests to at most `limit` people; returns how many had one."""
    due = _due()
    if due is None:
        return 0
    condition, since = due
    recipients = (
        pending()
        .filter(condition, recapitulatif=True, a_envoyer_le__lte=clock.now())
        .values_list("destinataire_id", flat=True)
        .distinct()
        .order_by("destinataire_id")[:limit]
    )
    ids = list(recipients)
    if not ids:
        return 0
    with Mailer() as mailer:
        for recipient in ids:
            if _send_one(mailer, recipient, condition, since):
                break
    return len(ids)


def _due() -> tuple[Q, str] | None:
    """Which gathered mails are due now, and since when the digest tells; None when there is none."""
    found = Q(pk__in=[])
    since = "hier"
    waiting = set(pending().filter(recapitulatif=True).values_list("caisse_id", flat=True).distinct())
    for caisse_id, place in sorted(_places(waiting).items(), key=lambda item: item[0] or 0):
        if moment := place.moment:
            found |= Q(caisse_id=caisse_id, cree_le__lt=moment)
            since = max(since, place.since, key=lambda words: words != "hier")
    return (found, since) if found != Q(pk__in=[]) else None


def _places(caisse_ids: set[int | None]) -> dict[int | None, Place]:
    caisses: Any = apps.get_model("caisses", "Caisse")._default_manager
    rows = caisses.filter(pk__in=caisse_ids - {None}).prefetch_related("fermetures")
    places: dict[int | None, Place] = {
        row.pk: Place(
            ZoneFeries(row.zone_feries), row.fuseau, frozenset(f.jour for f in row.fermetures.all())
        )
        for row in rows
    }
    if None in caisse_ids:
        places[None] = Place(ZoneFeries.METROPOLE, "Europe/Paris", frozenset())
    return places


def _send_one(mailer: Mailer, recipient: int, condition: Q, since: str) -> bool:
    """Send one person's digest in one transaction; True when the mail server is away."""
    with transaction.atomic():
        if not try_lock(f"digest:{recipient}"):
            return False
        rows = list(
            pending()
            .filter(condition, recapitulatif=True, destinataire_id=recipient, a_envoyer_le__lte=clock.now())
            .select_related("destinataire")
            .select_for_update(of=("self",))
            .order_by("cree_le", "id")
        )
        if not rows:
            return False
        address = address_of(rows[0])
        if not address:
            give_up(rows, "destinataire inactif ou sans adresse")
            return False
        try:
            rendu = digest([line(row) for row in rows], since)
            mailer.send(message(rendu, to=address, message_id=f"recapitulatif-{rows[0].pk}"))
        except Exception as error:
            return failed(rows, error)
        mark_sent(rows)
    return False
