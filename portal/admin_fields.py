"""Form fields of the admin: lists typed one per line, closed lists ticked."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class LinesField(forms.CharField):
    """A list of short texts, one per line; `clean_line` gives each its stored form or refuses it."""

    def __init__(self, *, clean_line: Callable[[str], str] = str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "cols": 40}))
        super().__init__(**kwargs)
        self.clean_line = clean_line

    def prepare_value(self, value: Any) -> Any:
        """The stored list, one entry per line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The entries in their stored form, without doubles, in the order typed."""
        if isinstance(value, list):
            return value
        found: list[str] = []
        for line in (super().to_python(value) or "").replace(",", "\n").splitlines():
            if not line.strip():
                continue
            try:
                entry = self.clean_line(line.strip())
            except ValidationError as error:
                raise ValidationError(f"«\u00a0{line.strip()}\u00a0»\u00a0: {error.messages[0]}") from error
            if entry not in found:
                found.append(entry)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the list read differs from the one stored."""
        try:
            return list(initial or []) != self.to_python(data)
        except ValidationError:
            return True


class TickedField(forms.MultipleChoiceField):
    """Several entries of a closed list, ticked."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(choices=choices, **kwargs)
