"""Fields of the appointments: when the person is free, and an hour of the day."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt

from caisses.models import Caisse
from portal.errors import DomainError
from portal.ui.text import day_in_words
from signalements.kinds.rendez_vous.dates import check_day, free_in_words, is_open
from signalements.kinds.rendez_vous.enums import Moment
from signalements.kinds.rendez_vous.slots import Libre as Creneau

PARTS = ("du", "au", "moment")
MOMENTS = [("", Moment.JOURNEE.label), *((m.value, m.label) for m in Moment if m != Moment.JOURNEE)]
"""All day is the empty answer: a page that shows only what is answered leaves an untouched one out."""

LONGEST = 62
"""Days of one range of availability."""
HOURS = {"du": "Premier jour", "au": "Dernier jour (optionnel)", "moment": "Moment"}


def day_input(**attrs: str) -> forms.DateInput:
    """A day of the calendar, as the browser draws it; typed as 2026-11-24 where it draws none."""
    return forms.DateInput(
        attrs={"type": "date", "class": "form-control", "autocomplete": "off", **attrs}, format="%Y-%m-%d"
    )


def offer_slots(field: Any, libres: list[Creneau]) -> None:
    """Let a field of radio buttons choose between free slots, drawn under their days."""
    field.choices = [(libre.cle, libre.texte) for libre in libres]
    field.widget.groups = {libre.cle: libre.sous_jour for libre in libres}
    field.widget.attrs["class"] = "ep-choices--slots"


class DisponibiliteWidget(forms.MultiWidget):
    """First day, last day, part of the day, in one fieldset."""

    template_name = "rendez_vous/widgets/disponibilite.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "du": day_input(),
                "au": day_input(),
                "moment": forms.Select(choices=MOMENTS, attrs={"class": "form-select"}),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        """The three parts of [first, last, moment]."""
        return list(value) if value else [None, None, None]

    def part_id(self, auto_id: str, codes: list[Any]) -> str:
        """The id of the first faulty part, or of the first part."""
        return f"{auto_id}_{next((part for part in PARTS if part in codes), PARTS[0])}"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Each part with its label and its own id."""
        context = super().get_context(name, value, attrs)
        auto_id = context["widget"]["attrs"].get("id", f"id_{name}")
        for part, sub in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            sub["attrs"]["id"] = f"{auto_id}_{part}"
            sub["attrs"].pop("required", None)
            sub["label"], sub["part"] = HOURS[part], part
            sub["attributes"] = flatatt({k: v for k, v in sub["attrs"].items() if v not in (None, False)})
        return context


class Libre(list[str]):
    """[first day, last day, moment] that reads as a sentence on the check page."""

    def __str__(self) -> str:
        return free_in_words([self])[0]


class DisponibiliteField(forms.MultiValueField):
    """One time the person is free: a day or a range of days, all day, mornings or afternoons; None when empty.

    Days are those of the caisse: neither past, nor more than a year away, and at least one on which it is open.
    """

    widget = DisponibiliteWidget

    def __init__(self, **kwargs: Any) -> None:
        fields = (forms.CharField(required=False), forms.CharField(required=False), forms.CharField())
        super().__init__(fields, require_all_fields=False, **kwargs)
        self.caisse: Caisse | None = None

    def clean(self, value: Any) -> Libre | None:
        """The availability; raises ValidationError with the part at fault as its code."""
        first, last, moment = (str(part or "").strip() for part in (value or ["", "", ""]))
        if not first and not last:
            if self.required:
                raise ValidationError("Indiquez au moins un jour où la personne est disponible.", code="du")
            return None
        start = self._day(first, "du")
        end = self._day(last, "au") if last else start
        if end < start:
            raise ValidationError("Le dernier jour vient après le premier. Vérifiez les dates.", code="au")
        if (end - start).days > LONGEST:
            raise ValidationError("Une période compte au plus deux mois. Donnez-en plusieurs.", code="au")
        self._check(start, end)
        return Libre([start.isoformat(), end.isoformat(), moment if moment in Moment.values else "JOURNEE"])

    def compress(self, data_list: list[Any]) -> Any:
        """Not used: `clean` does it all."""
        return data_list

    def _day(self, text: str, part: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValidationError("Saisissez une date. Exemple\u00a0: 2026-11-24.", code=part) from None

    def _check(self, start: date, end: date) -> None:
        caisse = self.caisse
        if caisse is None:
            return
        if start == end:
            try:
                check_day(caisse, start)
            except DomainError as error:
                raise ValidationError(error.message, code="du") from None
            return
        if end < caisse.today():
            raise ValidationError("Ces jours sont déjà passés. Choisissez-en d’autres.", code="du")
        days = (date.fromordinal(n) for n in range(start.toordinal(), end.toordinal() + 1))
        if not any(is_open(caisse, day) for day in days):
            raise ValidationError(
                f"La caisse est fermée du {day_in_words(start)} au {day_in_words(end)}.", code="du"
            )


class HeureField(forms.CharField):
    """An hour of the day: « 14:30 », « 14h30 », « 14 h »."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Exemple\u00a0: 14:30.")
        widget = forms.TextInput(attrs={"type": "time", "class": "ep-w-s", "autocomplete": "off"})
        super().__init__(max_length=8, widget=widget, **kwargs)

    def clean(self, value: Any) -> time | None:
        """The hour, or None when it is empty and not required."""
        text = super().clean(value).strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})\s*[:hH]\s*(\d{2})?(?::00)?", text)
        if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
            raise ValidationError("Saisissez une heure. Exemple\u00a0: 14:30.", code="heure")
        return time(int(found[1]), int(found[2] or 0))


class JourField(forms.DateField):
    """A day, as the browser's own calendar gives it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {}).setdefault(
            "invalid", "Saisissez une date. Exemple\u00a0: 2026-11-24."
        )
        super().__init__(
            widget=day_input(**{"class": "form-control ep-w-m"}),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            **kwargs,
        )
