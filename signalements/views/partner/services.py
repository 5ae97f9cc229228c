"""The services open to a structure: their cards, and what a caisse promises in words."""

from dataclasses import dataclass
from functools import lru_cache

from django.core.cache import cache
from django.template.loader import get_template
from django.utils.safestring import SafeString

from accounts.memberships import Membership
from caisses.models import Caisse
from portal.routes import address_of
from signalements.clocks import days_in_words, is_calendar, promised_days
from signalements.kinds.registry import Kind, kinds
from signalements.queries.delais import usual_delays

USUAL_SECONDS = 600
"""The usual delays are those of 90 days: they may be ten minutes old."""


@dataclass(frozen=True)
class Offre:
    """A service as one caisse offers it: what it promises, how long it takes there as a rule, where to begin."""

    caisse: str
    delai: str
    habituel: str
    url: str


@dataclass(frozen=True)
class Service:
    """A service open to the structure with one caisse."""

    kind: Kind
    delai: str


@dataclass(frozen=True)
class ServicesCaisse:
    """The services open with a caisse today."""

    caisse: Caisse
    services: list[Service]


def services_of(membership: Membership) -> list[ServicesCaisse]:
    """What the structure can do today, caisse by caisse; a service that is off is absent."""
    return [
        ServicesCaisse(
            convention.caisse,
            [
                Service(kind, promise_in_words(kind, convention.caisse))
                for kind in kinds().values()
                if kind.fonction in convention.fonctions_ouvertes
            ],
        )
        for convention in membership.conventions
    ]


def cards_of(membership: Membership) -> list[SafeString]:
    """A card for each service open with at least one caisse today; a service that is off is absent."""
    usual = _usual_delays(membership.caisses_ouvertes)
    cards = []
    for kind in kinds().values():
        offres = tuple(
            _offer(kind, convention.caisse, usual.get((convention.caisse_id, kind.fonction)))
            for convention in membership.conventions
            if kind.fonction in convention.fonctions_ouvertes
        )
        if offres:
            cards.append(_card(kind.fonction, offres))
    return cards


def _offer(kind: Kind, caisse: Caisse, usual: int | None) -> Offre:
    url = address_of("signalements:nouvelle", kind.slug, caisse.code)
    return Offre(caisse.nom, promise_in_words(kind, caisse), usual_in_words(usual), url)


@lru_cache(maxsize=2048)
def _card(fonction: str, offres: tuple[Offre, ...]) -> SafeString:
    """Drawn once: the home of every technicien shows the same cards."""
    template = get_template("signalements/partner/_service.html")
    same = len({(offre.delai, offre.habituel) for offre in offres}) == 1
    return template.render(
        {"kind": kinds()[fonction], "offres": offres, "commun": offres[0] if same else None}
    )


def usual_delay_of(caisse: Caisse, fonction: str) -> str:
    """The usual delay of a caisse for a kind of demande, in words; empty below ten decisions."""
    return usual_in_words(_usual_delays([caisse.pk]).get((caisse.pk, fonction)))


def _usual_delays(caisses: list[int]) -> dict[tuple[int, str], int]:
    key = f"delais-habituels:{','.join(map(str, sorted(caisses)))}"
    found: dict[tuple[int, str], int] | None = cache.get(key)
    if found is None:
        found = usual_delays(caisses)
        cache.set(key, found, USUAL_SECONDS)
    return found


def usual_in_words(days: int | None) -> str:
    """« 18 jours », « le jour même »; nothing when it is not known."""
    if days is None:
        return ""
    return days_in_words(days) if days else "le jour même"


def promise_in_words(kind: Kind, caisse: Caisse, *, urgente: bool = False, propre: int | None = None) -> str:
    """What the caisse promises: « Premier contact avec la personne sous 5 jours ouvrés ».

    `propre` is the delay of what is asked, where it has one; an urgency has the caisse's.
    """
    days = promised_days(caisse, kind.fonction, urgente) if urgente or propre is None else propre
    plural = "s" if days > 1 else ""
    unit = f"jour{plural}" if is_calendar(kind.fonction, urgente) else f"jour{plural} ouvré{plural}"
    return kind.promesse.format(delai=f"{days}\u00a0{unit}")
