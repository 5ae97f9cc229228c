"""Template tags of the forms, available in every template: fields, choices, error summary. See `docs/ui.md`."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from portal.ui import fields
from portal.ui.drawing import draw

register = template.Library()


@register.filter
def ui_field_kind(field: BoundField) -> str:
    """Tell which branch of the field template draws this field."""
    return fields.field_kind(field)


@register.filter
def ui_optional(field: BoundField) -> bool:
    """Tell whether the label is marked « (optionnel) »."""
    return fields.is_marked_optional(field)


@register.filter
def ui_choices(field: BoundField) -> list[fields.Choice]:
    """List the radio buttons or checkboxes of a group."""
    return fields.choices(field)


@register.filter
def ui_choices_layout(field: BoundField) -> str:
    """Give the classes of a group of choices."""
    return fields.choices_layout(field)


@register.filter
def ui_limit(field: BoundField) -> int | None:
    """Give the number of characters a text area accepts."""
    return fields.text_limit(field)


@register.filter
def ui_field_messages(field: BoundField) -> list[str]:
    """List the errors of a field, each saying what to do."""
    return fields.field_messages(field)


@register.simple_tag
def ui_widget(field: BoundField) -> SafeString:
    """Draw the control of a field alone, for a label written by hand."""
    return fields.render_widget(field)


@register.simple_tag
def ui_error_summary(*parts: Any, titre: str = "Le formulaire") -> SafeString | str:
    """Draw the summary of the errors of forms, formsets and messages; nothing when there are none."""
    lines = fields.error_lines(parts)
    return draw("error_summary", lines=lines, titre=titre) if lines else ""


@register.simple_tag
def ui_mention() -> SafeString:
    """Draw the sentence on optional fields, once above a form."""
    return draw("mention")
