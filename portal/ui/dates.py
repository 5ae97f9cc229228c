"""Date of birth typed in three fields; day, or day and month, may be unknown where the form allows it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils import timezone

from portal.ui.text import MOIS

PARTS = ("jour", "mois", "annee")


class Precision(StrEnum):
    """How much of a date is known."""

    JOUR = "JOUR"
    MOIS = "MOIS"
    ANNEE = "ANNEE"


@dataclass(frozen=True, slots=True)
class DatePartielle:
    """A date whose day, or day and month, may be unknown."""

    annee: int
    mois: int | None = None
    jour: int | None = None

    @classmethod
    def from_date(cls, value: dt.date, precision: str = Precision.JOUR) -> DatePartielle:
        """Rebuild it from a stored date and its precision."""
        if precision == Precision.ANNEE:
            return cls(value.year)
        if precision == Precision.MOIS:
            return cls(value.year, value.month)
        return cls(value.year, value.month, value.day)

    @property
    def precision(self) -> Precision:
        """JOUR, MOIS or ANNEE."""
        if self.mois is None:
            return Precision.ANNEE
        return Precision.MOIS if self.jour is None else Precision.JOUR

    @property
    def date(self) -> dt.date:
        """The date to store: unknown parts count as the first."""
        return dt.date(self.annee, self.mois or 1, self.jour or 1)

    def __str__(self) -> str:
        if self.mois is None:
            return str(self.annee)
        if self.jour is None:
            return f"{MOIS[self.mois - 1]} {self.annee}"
        return f"{self.jour:02d}/{self.mois:02d}/{self.annee}"


def _parts(value: Any) -> list[int | None]:
    if isinstance(value, dt.date):
        value = DatePartielle.from_date(value)
    if isinstance(value, DatePartielle):
        return [value.jour, value.mois, value.annee]
    return [None, None, None]


class TroisChampsWidget(forms.MultiWidget):
    """Day, month, year: three short text fields in one fieldset, never remembered by the browser."""

    template_name = "ui/form/date_trois_champs.html"
    use_fieldset = True
    labels = {"jour": "Jour", "mois": "Mois", "annee": "Année"}

    def __init__(self, attrs: dict[str, Any] | None = None, autocomplete: str = "off") -> None:
        common = {"inputmode": "numeric", "autocomplete": autocomplete, "class": "form-control"}
        sizes = {"jour": 2, "mois": 2, "annee": 4}
        super().__init__(
            {
                part: forms.TextInput(attrs={**common, "maxlength": size, "size": size})
                for part, size in sizes.items()
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        """Split a DatePartielle or a date into its three texts."""
        return _parts(value)

    def part_id(self, auto_id: str, codes: list[Any]) -> str:
        """Return the id of the first faulty part, or of the first part."""
        return f"{auto_id}_{next((part for part in PARTS if part in codes), PARTS[0])}"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give each part its label, its own id and its attributes ready to print."""
        context = super().get_context(name, value, attrs)
        auto_id = context["widget"]["attrs"].get("id", f"id_{name}")
        for part, subwidget in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            subwidget["attrs"]["id"] = f"{auto_id}_{part}"
            subwidget["label"] = self.labels[part]
            subwidget["part"] = part
            subwidget["attributes"] = flatatt(
                {key: value for key, value in subwidget["attrs"].items() if value not in (None, False)}
            )
        return context


class DateTroisChamps(forms.MultiValueField):
    """Form field giving a DatePartielle, or None when empty and not required.

    `unknown_allowed` accepts an empty day, or an empty day and month. `objet` completes the messages
    (« une année de naissance »); `exemple` is the day they show. Dates run from
    `year_min` to today, or to `latest()` when it is given.
    """

    widget = TroisChampsWidget
    default_error_messages = {
        "required": "Saisissez la date{objet}. Exemple\u00a0: {exemple}.",
        "annee": "Saisissez une année{objet} à 4 chiffres. Exemple\u00a0: {an}.",
        "annee_min": "Saisissez une année{objet} à partir de {year_min}. Exemple\u00a0: {an}.",
        "mois": "Saisissez un mois{objet} entre 1 et 12. Exemple\u00a0: 3.",
        "jour": "Saisissez un jour{objet} entre 1 et 31. Exemple\u00a0: 14.",
        "mois_manquant": "Indiquez le mois{objet}, ou laissez vides le jour et le mois s’ils sont inconnus.",
        "impossible": "Le {jour} {mois} {annee} n’existe pas. Vérifiez le jour et le mois.",
        "futur": "La date{objet} ne peut pas être dans le futur. Vérifiez l’année.",
    }

    def __init__(
        self,
        *,
        unknown_allowed: bool = False,
        objet: str = " de naissance",
        year_min: int = 1900,
        latest: Any = timezone.localdate,
        exemple: str = "14 3 1984",
        **kwargs: Any,
    ) -> None:
        self.unknown_allowed, self.objet, self.year_min, self.latest = (
            unknown_allowed,
            objet,
            year_min,
            latest,
        )
        self.exemple = exemple
        kwargs.setdefault("help_text", self._hint())
        required = kwargs.get("required", True)
        fields = tuple(
            forms.CharField(required=required and (part == "annee" or not unknown_allowed)) for part in PARTS
        )
        super().__init__(fields, require_all_fields=False, **kwargs)

    def _hint(self) -> str:
        hint = f"Exemple\u00a0: {self.exemple}."
        if self.unknown_allowed:
            hint += " Si le jour ou le mois est inconnu, laissez la case vide."
        return hint

    def _error(self, key: str, code: str, **params: Any) -> ValidationError:
        words = {"objet": self.objet, "exemple": self.exemple, "an": self.exemple.rpartition(" ")[2]}
        text = self.error_messages[key].format(**words, year_min=self.year_min, **params)
        return ValidationError(text, code=code)

    def clean(self, value: Any) -> DatePartielle | None:
        """Return the date typed; raises ValidationError with one message for each faulty part."""
        texts = [str(part or "").strip() for part in (value or ["", "", ""])]
        if not any(texts):
            if self.required:
                raise self._error("required", "jour")
            return None
        return self.compress(texts)

    def compress(self, data_list: list[str]) -> DatePartielle:
        """The date of the three texts, day first; raises as `clean` does."""
        jour_text, mois_text, annee_text = data_list
        errors: list[ValidationError] = []
        jour = self._part(jour_text, "jour", 31, errors)
        mois = self._part(mois_text, "mois", 12, errors)
        annee = int(annee_text) if re.fullmatch(r"[0-9]{4}", annee_text) else None
        if annee is None:
            errors.append(self._error("annee", "annee"))
        elif annee < self.year_min:
            errors.append(self._error("annee_min", "annee"))
        if not errors and jour and not mois:
            errors.append(self._error("mois_manquant", "mois"))
        if errors or annee is None:
            raise ValidationError(errors)
        return self._checked(DatePartielle(annee, mois, jour))

    def _part(self, text: str, name: str, highest: int, errors: list[ValidationError]) -> int | None:
        if self.unknown_allowed and text in ("", "0", "00"):
            return None
        if re.fullmatch(r"[0-9]{1,2}", text) and 1 <= int(text) <= highest:
            return int(text)
        errors.append(self._error(name, name))
        return None

    def _checked(self, value: DatePartielle) -> DatePartielle:
        try:
            date = value.date
        except ValueError:
            mois = MOIS[(value.mois or 1) - 1]
            raise self._error("impossible", "jour", jour=value.jour, mois=mois, annee=value.annee) from None
        if self.latest is not None and date > self.latest():
            raise self._error("futur", "annee")
        self.run_validators(value)
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was typed with what was stored."""
        before = ["" if part is None else str(part) for part in _parts(initial)]
        return before != [str(part or "").strip() for part in (data or ["", "", ""])]
