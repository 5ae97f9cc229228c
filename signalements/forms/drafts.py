"""Forms over a draft: shown as typed, judged only when asked; and the way back from a form to what is stored."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from portal.free_text_forms import ConfirmableTextMixin
from portal.validators import readable_phone

CONFIRMATION = "_confirme"
RawStep = dict[str, list[str]]


class DraftForm(ConfirmableTextMixin, forms.Form):
    """A step of a draft. What was typed is shown again as it was, even when it is wrong."""

    def summary(self) -> list[tuple[str, Any]]:
        """(label, what was answered) for the check page; the form has been cleaned."""
        return field_rows(self)


def typed_data(step: Mapping[str, list[str]]) -> QueryDict:
    """A stored step as a form receives it."""
    data = QueryDict(mutable=True)
    for name, values in step.items():
        data.setlist(name, values)
    return data


def step_to_store(form: forms.Form, posted: QueryDict, extra: tuple[str, ...] = ()) -> RawStep:
    """What to keep of a posted step: the fields of its form and nothing else that came along."""
    stored: RawStep = {}
    for name, field in form.fields.items():
        if isinstance(field.widget, forms.MultiWidget):
            names = [f"{name}{suffix}" for suffix in field.widget.widgets_names]
        else:
            names = [name, f"{name}{CONFIRMATION}"]
        for key in names:
            if key in posted:
                stored[key] = posted.getlist(key)
    return stored | {key: posted.getlist(key) for key in extra if key in posted}


def field_rows(form: forms.Form, names: list[str] | None = None) -> list[tuple[str, Any]]:
    """(label, what was answered) for the check page; the form has been cleaned."""
    rows = []
    for name, field in form.fields.items():
        if name.endswith(CONFIRMATION) or (names is not None and name not in names):
            continue
        value = form.cleaned_data.get(name)
        if name in form.errors:
            rows.append((str(field.label), "À compléter"))
        elif value not in (None, "", []) or field.required:
            rows.append((str(field.label), answer_in_words(field, value)))
    return rows


def answer_in_words(field: forms.Field, value: Any) -> str:
    """A cleaned value as a person reads it."""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(field, forms.MultipleChoiceField):
        labels = dict(field.choices)
        return ", ".join(str(labels.get(code, code)) for code in value)
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value))
    if isinstance(field.widget, forms.TextInput) and field.widget.input_type == "tel":
        return readable_phone(str(value))
    return str(value)
