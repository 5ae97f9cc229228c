"""Draws a component from its template of `templates/ui/`."""

from __future__ import annotations

from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString


def draw(component: str, /, **context: Any) -> SafeString:
    """Return the HTML of `templates/ui/<component>.html`, which sees only `context`."""
    return SafeString(get_template(f"ui/{component}.html").render(context))
