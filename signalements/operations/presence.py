"""Saying that somebody has a demande open, and who else has: a courtesy between colleagues, never a lock."""

from datetime import timedelta

from django.db import connection

from accounts.memberships import Membership
from portal import clock
from signalements.models import Demande, Presence

BEAT = timedelta(seconds=30)
"""How often an open page says so again."""
STILL_THERE = timedelta(seconds=75)
"""How long after its last sign somebody is taken to be there: two signs, and a slow one."""
FORGOTTEN = timedelta(hours=1)


def show_presence(*, actor: Membership, demande: Demande) -> None:
    """This person has the page of this demande open now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO signalements_presence (demande_id, caisse_id, partenaire_id, agent_id, le) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (demande_id, agent_id) DO UPDATE SET le = excluded.le",
            [demande.pk, demande.caisse_id, demande.partenaire_id, actor.acteur_id, clock.now()],
        )


def forget_presences(limit: int) -> int:
    """Erase the signs of an hour ago; how many."""
    old = Presence.objects.filter(le__lte=clock.now() - FORGOTTEN).order_by("le").values("pk")
    return Presence.objects.filter(pk__in=old[:limit]).delete()[0]
