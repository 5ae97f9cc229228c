"""What the form templates need to know about a bound field, and the lines of the error summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the error summary; `target` is the id of the field, empty for the whole form."""

    message: str
    target: str = ""


def field_kind(field: BoundField) -> str:
    """Return `hidden`, `checkbox`, `choices`, `parts` or `input`: the branch of its template."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.MultiWidget) or widget.use_fieldset:
        return "parts"
    return "input"


def is_marked_optional(field: BoundField) -> bool:
    """Tell whether its label ends with « (optionnel) »; `mark_optional = False` on the form says no."""
    if not getattr(field.form, "mark_optional", True) or not getattr(field.field, "mark_optional", True):
        return False
    return not field.field.required


def error_target(field: BoundField) -> str:
    """Return the id an error link leads to: the faulty part, the first choice, or the field itself."""
    widget = field.field.widget
    if hasattr(widget, "part_id"):
        codes = [error.code for error in field.errors.as_data()]
        return str(widget.part_id(field.auto_id, codes))
    return field.id_for_label or f"{field.auto_id}_0"


def render_widget(field: BoundField) -> SafeString:
    """Render the control alone with the look of its kind, keeping the classes and ARIA it already has."""
    widget = field.field.widget
    attrs: dict[str, Any] = {}
    classes = [str(widget.attrs.get("class", ""))]
    if isinstance(widget, forms.CheckboxInput):
        classes.append("form-check-input")
    elif isinstance(widget, forms.Select):
        classes.append("form-select")
    elif not isinstance(widget, forms.MultiWidget):
        classes.append("form-control")
    if isinstance(widget, forms.Textarea):
        attrs |= _counted(field)
    if css := " ".join(filter(None, classes)):
        attrs["class"] = css
    described = field.aria_describedby
    if "data-ep-counter" in attrs:
        attrs["aria-describedby"] = f"{described or ''} {field.auto_id}_compteur".strip()
    return field.as_widget(attrs=attrs)


def text_limit(field: BoundField) -> int | None:
    """Return the number of characters a text area accepts, None for other controls."""
    if isinstance(field.field.widget, forms.Textarea):
        return getattr(field.field, "max_length", None)
    return None


def _counted(field: BoundField) -> dict[str, Any]:
    # A hard maxlength silently cuts pasted text; the counter tells, and the server refuses.
    limit = text_limit(field)
    field.field.widget.attrs.pop("maxlength", None)
    return {"data-ep-counter": limit} if limit else {}


def choices_layout(field: BoundField) -> str:
    """Return the classes of a group of choices: the widget's own `class`, for its layout."""
    return f"ep-choices {field.field.widget.attrs.get('class', '')}".strip()


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button or checkbox of a group."""

    control: SafeString
    id: str
    label: str
    hint: str
    group: str = ""
    short: str = ""


def choices(field: BoundField) -> list[Choice]:
    """Return the options of a group.

    `widget.hints` (value to text) adds a hint under some of them; `widget.groups` (value to heading and words)
    puts them under headings, where those words are enough for the eyes.
    """
    hints: dict[str, str] = getattr(field.field.widget, "hints", {})
    groups: dict[str, tuple[str, str]] = getattr(field.field.widget, "groups", {})
    options = []
    for option in field.subwidgets:
        attrs = option.data["attrs"]
        attrs["class"] = "form-check-input"
        hint = str(hints.get(str(option.data["value"]), ""))
        if hint:
            attrs["aria-describedby"] = f"{attrs['id']}_aide"
        group = groups.get(str(option.data["value"]), ("", ""))
        options.append(Choice(option.tag(), attrs["id"], option.choice_label, hint, *group))
    return options


def field_messages(field: BoundField) -> list[str]:
    """Return the errors of a field; Django's bare « required » is replaced by what to do."""
    default = forms.Field.default_error_messages["required"]
    messages = []
    for error in field.errors.as_data():
        for message in error.messages:
            bare = error.code == "required" and message == str(default)
            messages.append(what_to_do(field) if bare else message)
    return messages


def what_to_do(field: BoundField) -> str:
    """Say what to do about a field that is required and empty."""
    label = str(field.label).rstrip(" .:")
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return f"Cochez la case « {label} »."
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return f"Cochez au moins une réponse : « {label} »."
    if isinstance(widget, forms.Select | forms.RadioSelect):
        return f"Choisissez une réponse : « {label} »."
    if isinstance(widget, forms.FileInput):
        return f"Ajoutez un fichier : « {label} »."
    return f"Remplissez le champ « {label} »."


def error_lines(parts: Iterable[Any]) -> list[ErrorLine]:
    """Return every error of the forms, formsets, ErrorLine, messages or lists of these, in reading order."""
    lines: list[ErrorLine] = []
    for part in parts:
        if isinstance(part, forms.BaseFormSet):
            lines += [ErrorLine(str(message)) for message in part.non_form_errors()]
            lines += error_lines(part.forms)
        elif isinstance(part, forms.BaseForm):
            lines += [ErrorLine(str(message)) for message in part.non_field_errors()]
            lines += [
                ErrorLine(message, "" if field.is_hidden else error_target(field))
                for field in part
                if field.errors
                for message in field_messages(field)
            ]
        elif isinstance(part, ErrorLine):
            lines.append(part)
        elif isinstance(part, list):
            lines += error_lines(part)
        elif part:
            lines.append(ErrorLine(str(part)))
    return lines
