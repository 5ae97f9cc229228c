"""Template tags of the page itself, available in every template: head, foot, ways through it. See `docs/ui.md`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal import secours
from portal.ui.brand import Brand, current_brand
from portal.ui.drawing import draw, draw_kept
from portal.ui.routes import furniture_route

register = template.Library()


@register.simple_tag
def ui_route(name: str) -> str:
    """Give an address the furniture leads to: sign_in, signed_out, logout, extend or status."""
    return furniture_route(name)


@register.simple_tag
def ui_brand() -> Brand:
    """Give the brand to a page rendered without context processors (error pages)."""
    return current_brand()


@register.simple_tag
def ui_secours() -> dict[str, Any]:
    """Give what a page of maintenance or outage says of the other channels, without the database."""
    return secours.read_data()


@register.simple_tag(takes_context=True)
def ui_session_dialog(context: Context) -> SafeString:
    """Draw the warning shown two minutes before an idle session ends; `session.js` opens it."""
    return draw_kept(
        "session_dialog",
        {"session_seconds_left": str(context["session_seconds_left"])},
        session_idle_seconds=context["session_idle_seconds"],
        extend_url=furniture_route("extend"),
        signed_out_url=furniture_route("signed_out"),
    )


@register.simple_tag
def ui_head(signed_in: bool = False) -> SafeString:
    """Draw the style sheets and scripts of every page."""
    return draw_kept("head", {}, signed_in=signed_in)


@register.simple_tag(takes_context=True)
def ui_footer(context: Context) -> SafeString:
    """Draw the foot of every page: links, and how the page is shown."""
    request = context.get("request")
    return draw_kept(
        "footer",
        {
            "csrf_token": str(context.get("csrf_token", "")),
            "suite": request.get_full_path() if request else "/",
        },
        brand=context.get("brand") or current_brand(),
        theme=context.get("ui_theme", "auto"),
        density=context.get("ui_density", "aeree"),
    )


@register.simple_tag
@lru_cache(maxsize=64)
def ui_script(name: str) -> SafeString:
    """Load the module `static/js/<name>.js`; several calls for one module run it once."""
    return format_html('<script type="module" src="{}"></script>', static(f"js/{name}.js"))


@register.simple_tag
def ui_breadcrumb(items: Sequence[tuple[object, str]]) -> SafeString:
    """Draw the path to the page from (label, url) pairs; the last one is the page itself."""
    return draw("breadcrumb", items=items)


@register.simple_tag
def ui_stepper(titles: Sequence[object], current: int, following: object = None) -> SafeString:
    """Draw « Étape 2 sur 4 : La situation » from the titles and the current number (from 1).

    `following` is the title of the step that comes next, when it is not the next one of the list.
    """
    beside = titles[current] if current < len(titles) else ""
    return draw(
        "stepper",
        current=current,
        total=len(titles),
        title=titles[current - 1],
        following=following or beside,
        steps=range(1, len(titles) + 1),
    )


@register.simple_tag
def ui_tabs(tabs: Sequence[tuple[object, str, bool, int | None]], label: str = "Listes") -> SafeString:
    """Draw links as tabs from (label, url, active, count)."""
    return draw("tabs", tabs=tabs, label=label)


@register.simple_tag
def ui_pagination(
    previous: str = "",
    following: str = "",
    position: object = "",
    target: str = "",
    of: str = "Page",
) -> SafeString:
    """Draw previous and next links, of a « Page », a « Semaine » or a « Jour ».

    `target` (a CSS selector) swaps that block with htmx.
    """
    return draw("pagination", previous=previous, following=following, position=position, target=target, of=of)
