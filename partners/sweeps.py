"""The periodic work of the conventions."""

from datetime import timedelta

from partners.operations.echeances import end_due_conventions, remind_of_terms, renew_tacitly
from portal.sweeps import sweep

HOUR = timedelta(hours=1)


@sweep("conventions_rappels", label="Rappels avant l’échéance des conventions", every=HOUR, batch=5000)
def reminders(limit: int) -> int:
    """Remind the référents of the échéances that come."""
    return remind_of_terms(limit)


@sweep("conventions_reconduites", label="Reconduction des conventions", every=HOUR, batch=5000)
def renewals(limit: int) -> int:
    """Renew what nobody denounced."""
    return renew_tacitly(limit)


@sweep("conventions_terminees", label="Fin des conventions", every=HOUR, batch=200)
def ends(limit: int) -> int:
    """Close what is past its last day."""
    return end_due_conventions(limit)
