"""The services open to a structure: their cards, and what a caisse promises in words."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.memberships import Membership
from caisses.models import Caisse
from signalements.clocks import is_calendar, promised_days
from signalements.kinds.registry import Kind, kinds


@dataclass(frozen=True)
class Service:
    """A service open to the structure with one caisse."""

    kind: Kind
    delai: str
    url: str


@dataclass(frozen=True)
class ServicesCaisse:
    """The services open with a caisse today."""

    caisse: Caisse
    services: list[Service]


def services_of(membership: Membership) -> list[ServicesCaisse]:
    """What the structure can do today, caisse by caisse; a service that is off is absent."""
    found = []
    for convention in membership.conventions:
        caisse = convention.caisse
        services = [
            Service(
                kind,
                promise_in_words(kind, caisse),
                reverse("signalements:nouvelle", args=[kind.slug, caisse.code]),
            )
            for kind in kinds().values()
            if kind.fonction in convention.fonctions_ouvertes
        ]
        found.append(ServicesCaisse(caisse, services))
    return found


def promise_in_words(kind: Kind, caisse: Caisse, *, urgente: bool = False) -> str:
    """What the caisse promises: « Premier contact avec la personne sous 5 jours ouvrés »."""
    days = promised_days(caisse, kind.fonction, urgente)
    plural = "s" if days > 1 else ""
    unit = f"jour{plural}" if is_calendar(kind.fonction, urgente) else f"jour{plural} ouvré{plural}"
    return kind.promesse.format(delai=f"{days}\u00a0{unit}")
