"""Icons of the sprite `static/img/icons.svg`, decorative unless a label is given."""

from __future__ import annotations

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("img/icons.svg")


@lru_cache(maxsize=512)
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Return the icon `name`; with a `label` it is an image with that name, otherwise hidden from readers."""
    css = f"ep-icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            css,
            label,
            _sprite(),
            name,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        _sprite(),
        name,
    )
