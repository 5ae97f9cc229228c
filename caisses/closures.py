"""The days a caisse is closed beyond the public holidays of its zone."""

from datetime import date

from django.core.cache import cache

from caisses.models import Caisse, FermetureLocale

CLOSURES_SECONDS = 30


def closures_of(caisse: Caisse) -> frozenset[date]:
    """The local closures of a caisse, read again at most every 30 seconds."""
    key = f"fermetures:{caisse.pk}"
    found: frozenset[date] | None = cache.get(key)
    if found is None:
        found = frozenset(FermetureLocale.objects.filter(caisse=caisse).values_list("jour", flat=True))
        cache.set(key, found, CLOSURES_SECONDS)
    return found
