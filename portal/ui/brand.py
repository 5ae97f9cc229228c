"""The operator's name, logo and accent colour, read from `settings.BRAND`."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# Each accent is a pair of tested palettes (light and dark) in static/css/theme.css.
ACCENTS = ("petrole", "indigo", "prune", "foret")


@dataclass(frozen=True, slots=True)
class Brand:
    """What tells one deployment from another; no State or health-insurance mark is built in."""

    name: str = "Espace Partenaires"
    logo: str = "img/logo.svg"
    accent: str = "petrole"
    operator: str = ""


def current_brand() -> Brand:
    """Return the brand of this deployment; raises ImproperlyConfigured for an unknown accent."""
    brand = Brand(**getattr(settings, "BRAND", {}))
    if brand.accent not in ACCENTS:
        raise ImproperlyConfigured(f"BRAND['accent'] must be one of {', '.join(ACCENTS)}.")
    return brand
