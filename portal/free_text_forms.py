"""Free texts in forms: a NIR is an error beside the field, a doubtful text asks for a confirmation.

    class MessageForm(ConfirmableTextMixin, forms.Form):
        texte = TexteLibreField(label="Votre message")

    form = MessageForm(request.POST, count=count_in_the_journal)

The checkbox « Je confirme que… », named `<field>_confirme`, exists only once a doubtful text was submitted;
what was typed stays in the field.
"""

import unicodedata
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from portal.free_text import CONFIRMED, Finding, Severity, check_text
from portal.free_text_fields import MAX_LENGTH

CountFinding = Callable[[str, str], None]
"""Receives a kind and an outcome (« refuse », « signale », « confirme »), never the text."""

_KEPT_CONTROLS: Final = frozenset("\n\t\x00")
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _without_controls(text: str) -> str:
    """Line ends as \\n, no control character that could hide or reorder the text.

    A null character stays: Django's own validator refuses it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character
        for character in text
        if character in _KEPT_CONTROLS
        or (unicodedata.category(character) != "Cc" and character not in _BIDI_CONTROLS)
    )


class TexteLibreField(forms.CharField):
    """A text people write freely. `max_length` counts a line end as one character, as browsers do."""

    widget = forms.Textarea

    def __init__(self, *, max_length: int | None = MAX_LENGTH, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Marks the field for static/js/free-text-guard.js."""
        attrs = super().widget_attrs(widget)
        attrs["data-free-text-guard"] = ""
        if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
            attrs["rows"] = "5"
        return attrs

    def to_python(self, value: Any) -> Any:
        """The text, its line ends and controls cleaned."""
        value = super().to_python(value)
        return _without_controls(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        """The text; ValidationError « nir » when it holds a NIR whose key is right."""
        text = super().clean(value)
        for finding in check_text(text or ""):
            if finding.severity == Severity.BLOCK:
                raise ValidationError(finding.message, code="nir")
        return text


if TYPE_CHECKING:
    _Base = forms.BaseForm
else:
    _Base = object


class ConfirmableTextMixin(_Base):
    """For forms with TexteLibreField: asks to confirm a doubtful text, and counts what the guard saw.

    Comes before the form class. `count`: see CountFinding; a confirmation is counted once, when the whole
    form is valid.
    """

    def __init__(self, *args: Any, count: CountFinding | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._count_finding = count

    def full_clean(self) -> None:
        """Adds the checkboxes that the submitted texts call for, then cleans as usual."""
        if not self.is_bound:
            super().full_clean()
            return
        found = {name: findings for name, findings in self._submitted_findings() if findings}
        for name, findings in found.items():
            doubtful = [finding for finding in findings if finding.severity == Severity.WARN]
            if doubtful:
                self._ask_confirmation(name, doubtful)
        super().full_clean()
        self._count(found)

    def show_as_typed(self) -> None:
        """Draw a bound form without judging it: no error yet, the confirmations already given stay ticked."""
        for name, findings in self._submitted_findings():
            doubtful = [finding for finding in findings if finding.severity == Severity.WARN]
            if doubtful:
                self._ask_confirmation(name, doubtful)
        self._errors = ErrorDict(renderer=self.renderer)
        self.cleaned_data = {}

    def _submitted_findings(self) -> Iterator[tuple[str, list[Finding]]]:
        for name, field in self.fields.items():
            if isinstance(field, TexteLibreField) and not field.disabled:
                text = field.to_python(self[name].data) or ""
                if field.max_length is None or len(text) <= field.max_length:
                    yield name, check_text(text)

    def _ask_confirmation(self, name: str, doubtful: list[Finding]) -> None:
        """Puts the checkbox just after its text."""
        absent = list(dict.fromkeys(CONFIRMED[finding.kind] for finding in doubtful))
        said = " ".join(dict.fromkeys(finding.message for finding in doubtful))
        words = f"ni {' ni '.join(absent)}" if len(absent) > 1 else f"pas de {absent[0]}"
        confirmation = forms.BooleanField(
            label=f"Je confirme que ce texte ne contient {words}.", error_messages={"required": said}
        )
        ordered: dict[str, forms.Field] = {}
        for other, field in self.fields.items():
            ordered[other] = field
            if other == name:
                ordered[f"{name}_confirme"] = confirmation
        self.fields = ordered

    def _count(self, found: dict[str, list[Finding]]) -> None:
        if self._count_finding is None:
            return
        for name, findings in found.items():
            confirmed = bool(self.cleaned_data.get(f"{name}_confirme"))
            for kind, severity in dict.fromkeys((finding.kind, finding.severity) for finding in findings):
                if severity == Severity.BLOCK:
                    self._count_finding(kind.value, "refuse")
                elif severity == Severity.WARN and not confirmed:
                    self._count_finding(kind.value, "signale")
                elif severity == Severity.WARN and not self.errors:
                    self._count_finding(kind.value, "confirme")
