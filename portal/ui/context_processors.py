"""Context that `templates/base.html` needs on every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.ui.brand import current_brand
from portal.ui.display import DENSITIES, DENSITY_COOKIE, THEME_COOKIE, THEMES


def ui(request: HttpRequest) -> dict[str, Any]:
    """Return the brand, the display choices of this browser and the length of an idle session (seconds)."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    density = request.COOKIES.get(DENSITY_COOKIE, "aeree")
    return {
        "brand": current_brand(),
        "ui_theme": theme if theme in THEMES else "auto",
        "ui_density": density if density in DENSITIES else "aeree",
        "session_idle_seconds": getattr(settings, "SESSION_IDLE_SECONDS", settings.SESSION_COOKIE_AGE),
        # Set by whoever keeps the absolute limit of a session; without it only idleness ends it here.
        "session_seconds_left": getattr(request, "session_seconds_left", ""),
    }
