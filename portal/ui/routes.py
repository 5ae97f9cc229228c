"""Where the furniture of the pages leads: addresses that other apps serve."""

from __future__ import annotations

from django.conf import settings

# `settings.UI_ROUTES` replaces any of them.
DEFAULT_ROUTES = {
    "sign_in": "/connexion/",
    "signed_out": "/connexion/",
    "logout": "/deconnexion/",
    "extend": "/session/prolonger/",
    "status": "/etat/",
}


def furniture_route(name: str) -> str:
    """Return the address called `name` above; raises KeyError for an unknown name."""
    return (DEFAULT_ROUTES | getattr(settings, "UI_ROUTES", {}))[name]
