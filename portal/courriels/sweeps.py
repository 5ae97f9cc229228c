"""The periodic work of the outbox."""

from datetime import timedelta

from portal.courriels.digest import send_digests
from portal.courriels.sending import send_due
from portal.sweeps import sweep


@sweep("courriels", label="Envoi des courriels", every=timedelta(seconds=5), exclusive=False, batch=500)
def mails(limit: int) -> int:
    """Send the mails that are due: those a nudge has announced, and those whose nudge was lost."""
    return send_due(limit)


@sweep(
    "recapitulatifs",
    label="Récapitulatifs quotidiens",
    every=timedelta(minutes=10),
    exclusive=False,
    batch=200,
)
def digests(limit: int) -> int:
    """Send today's digests, from half past seven, on the jours ouvrés of each caisse."""
    return send_digests(limit)
