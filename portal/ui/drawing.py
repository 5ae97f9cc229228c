"""Draws a component from its template of `templates/ui/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

# Private-use characters: no text of a template holds them, and escaping leaves them alone.
HOLE = "\ue000{}\ue001"
HOLES = re.compile("\ue000(\\w+)\ue001")


def draw(component: str, /, **context: Any) -> SafeString:
    """Return the HTML of `templates/ui/<component>.html`, which sees only `context`."""
    return SafeString(get_template(f"ui/{component}.html").render(context))


def draw_kept(component: str, holes: Mapping[str, str], /, **context: Any) -> SafeString:
    """Return the same, for a component that every page draws: its drawing is kept for each `context`.

    `holes` are what changes from page to page. The template may only write them, not look at them; `context`
    takes few values, all hashable.
    """
    parts = _drawn(component, tuple(sorted(holes)), frozenset(context.items()))
    # One part in two is the name of a hole.
    return SafeString(
        "".join(str(conditional_escape(holes[part])) if odd % 2 else part for odd, part in enumerate(parts))
    )


@lru_cache(maxsize=128)
def _drawn(component: str, holes: tuple[str, ...], context: frozenset[tuple[str, Any]]) -> list[str]:
    marks = {name: HOLE.format(name) for name in holes}
    return HOLES.split(draw(component, **dict(context), **marks))
