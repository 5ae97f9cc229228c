"""The periodic work of the caisses."""

from datetime import timedelta

from caisses.secours import SWEEP, write_pages
from portal.sweeps import sweep


@sweep(SWEEP, label="Page affichée quand le portail est indisponible", every=timedelta(minutes=5))
def page(limit: int) -> int:
    """Write the page and the data again when an announcement or a caisse changed."""
    return int(write_pages())
