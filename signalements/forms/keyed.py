"""Forms that add one row, whatever is clicked twice or replayed."""

import uuid
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from portal.free_text_forms import ConfirmableTextMixin


class KeyedForm(ConfirmableTextMixin, forms.Form):
    """A form that adds one row: its key makes a double click or a replay add it once."""

    cle = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        initial = {"cle": uuid.uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)


_SAMPLE_KEY = uuid.UUID(int=0)


@lru_cache(maxsize=16)
def _drawn(form_class: type[forms.Form]) -> str:
    return str(form_class(initial={"cle": _SAMPLE_KEY}))


def blank_html(form_class: type[forms.Form]) -> SafeString:
    """An empty form with a new key. Nothing else of it ever changes: it is drawn once for all pages."""
    return SafeString(_drawn(form_class).replace(str(_SAMPLE_KEY), str(uuid.uuid4())))
