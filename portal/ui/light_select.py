"""A select drawn in one go: Django's own renders a template per option, which costs a list of hundreds dearly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LightSelect(forms.Select):
    """The same control as Select; a group of options is a pair of its name and its options."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Draw the select and its options."""
        chosen = tuple(str(one) for one in self.format_value(value))
        options = SafeString("".join(_drawn(self.choices, chosen)))
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


def _drawn(choices: Iterable[Any], chosen: tuple[str, ...]) -> Iterator[SafeString]:
    plain: list[tuple[str, str]] = []
    for key, label in choices:
        if isinstance(label, list):
            yield _options(tuple(plain), chosen)
            plain = []
            inside = _options(tuple((str(one), str(words)) for one, words in label), chosen)
            yield format_html('<optgroup label="{}">{}</optgroup>', key, inside)
        else:
            plain.append((str(key), str(label)))
    yield _options(tuple(plain), chosen)


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...]) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SafeString(" selected") if key in chosen else "", label) for key, label in choices),
    )
