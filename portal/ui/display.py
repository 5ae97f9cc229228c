"""Display choices kept in a cookie of the browser: theme and density. They carry nothing on the person."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

THEME_COOKIE = "ep_theme"
DENSITY_COOKIE = "ep_densite"
THEMES = {"auto": "Comme mon appareil", "light": "Clair", "dark": "Sombre"}
DENSITIES = {"aeree": "Aérée", "compacte": "Compacte"}
ONE_YEAR = 365 * 24 * 3600


def remember_display(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Write the `theme` and `densite` of a POST into their cookies; an unknown value changes nothing."""
    for name, cookie, choices in (
        ("theme", THEME_COOKIE, THEMES),
        ("densite", DENSITY_COOKIE, DENSITIES),
    ):
        value = request.POST.get(name)
        if value in choices:
            _write(response, cookie, value)
    return response


def bring_theme(response: HttpResponse, theme: str) -> HttpResponse:
    """Give this browser the theme an account chose in another one."""
    if theme in THEMES and theme != "auto":
        _write(response, THEME_COOKIE, theme)
    return response


def _write(response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie, value, max_age=ONE_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
