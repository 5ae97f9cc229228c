"""The fields an entry of the catalogue declares, as fields of a form, and their answers in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from caisses.models import Caisse
from documents.catalogue import Champ, holds
from documents.countries import PAYS
from documents.enums import TypeChamp
from portal.ui.dates import DatePartielle, DateTroisChamps
from portal.ui.text import day_in_words
from signalements.forms.enveloppe import short_text

PREFIX = "champ_"
FROM, TO = "_du", "_au"
YES_NO = (("OUI", "Oui"), ("NON", "Non"))
EXAMPLE = "14 3 2027"


def names_of(champ: Champ) -> tuple[str, ...]:
    """The names its fields have in the form."""
    name = f"{PREFIX}{champ.code}"
    return (f"{name}{FROM}", f"{name}{TO}") if champ.type == TypeChamp.PERIODE else (name,)


def form_fields(champ: Champ, caisse: Caisse) -> dict[str, forms.Field]:
    """Its fields, by name. What is needed only after another answer is judged by `judge`."""
    required = champ.requis and not champ.si
    name = f"{PREFIX}{champ.code}"
    if champ.type == TypeChamp.PERIODE:
        return {
            f"{name}{FROM}": _date(f"{champ.libelle}, du", champ, caisse, required, champ.aide),
            f"{name}{TO}": _date(f"{champ.libelle}, au", champ, caisse, required, ""),
        }
    if champ.type == TypeChamp.DATE:
        return {name: _date(champ.libelle, champ, caisse, required, champ.aide)}
    if champ.type == TypeChamp.LIGNE:
        field: forms.Field = short_text(champ.libelle, champ.longueur, help_text=champ.aide)
        field.required = required
        return {name: field}
    return {name: _choice(champ, required)}


def _date(label: str, champ: Champ, caisse: Caisse, required: bool, aide: str) -> DateTroisChamps:
    return DateTroisChamps(
        label=label,
        objet=label.removeprefix("Date") if label.startswith("Date d") else "",
        required=required,
        year_min=2000,
        latest=None,
        exemple=EXAMPLE,
        help_text=f"{aide} Exemple\u00a0: {EXAMPLE}.".strip(),
    )


def _choice(champ: Champ, required: bool) -> forms.ChoiceField:
    if champ.type == TypeChamp.PAYS:
        choices = [("", "Choisissez un pays"), *PAYS]
        return forms.ChoiceField(
            label=champ.libelle, required=required, help_text=champ.aide, choices=choices
        )
    answers = list(YES_NO if champ.type == TypeChamp.OUI_NON else champ.choix)
    return forms.ChoiceField(
        label=champ.libelle,
        required=required,
        help_text=champ.aide,
        choices=answers,
        widget=forms.RadioSelect,
    )


def depends_of(champ: Champ) -> str:
    """The answer its fields wait for, as `reveal.js` reads it."""
    return f"{PREFIX}{champ.si}" if champ.si else ""


def read_answers(champs: tuple[Champ, ...], data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers by code, dates as dates, of the fields that were asked; a period is a pair."""
    answers: dict[str, Any] = {}
    for champ in champs:
        if not holds(champ.si, answers):
            continue
        values = [_plain(data.get(name)) for name in names_of(champ)]
        answers[champ.code] = tuple(values) if champ.type == TypeChamp.PERIODE else values[0]
    return answers


def _plain(value: Any) -> Any:
    return value.date if isinstance(value, DatePartielle) else value


def judge(champs: tuple[Champ, ...], answers: Mapping[str, Any], today: date) -> dict[str, str]:
    """What is wrong with the answers, by name of field: what is missing, a past day, a period too long or reversed."""
    found: dict[str, str] = {}
    for champ in champs:
        if champ.code not in answers:
            continue
        names, value = names_of(champ), answers[champ.code]
        if champ.type == TypeChamp.PERIODE:
            _judge_period(champ, names, value, found)
        elif champ.si and champ.requis and not value:
            found[names[0]] = f"Répondez à «\u00a0{champ.libelle}\u00a0»."
        elif isinstance(value, date) and champ.futur and value < today:
            found[names[0]] = "Cette date est déjà passée. Vérifiez-la."
        elif isinstance(value, date) and champ.apres and isinstance(answers.get(champ.apres), date):
            if value < answers[champ.apres]:
                found[names[0]] = "Cette date vient avant la précédente. Vérifiez-les."
    return found


def _judge_period(
    champ: Champ, names: tuple[str, ...], value: tuple[Any, Any], found: dict[str, str]
) -> None:
    start, end = value
    if bool(start) != bool(end):
        found[names[1 if start else 0]] = "Saisissez les deux dates de la période."
    elif start and end < start:
        found[names[1]] = "La fin de la période vient avant son début. Vérifiez les dates."
    elif start and end > months_later(start, champ.mois_max):
        found[names[1]] = f"La période dépasse {champ.mois_max} mois. Réduisez-la."


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month when there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def answers_in_words(champs: tuple[Champ, ...], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The (label, answer) pairs of what was answered."""
    rows = []
    for champ in champs:
        words = _words(champ, answers.get(champ.code))
        if words:
            rows.append((champ.libelle, words))
    return rows


def _words(champ: Champ, value: Any) -> str:
    if not value or value == (None, None):
        return ""
    if champ.type == TypeChamp.PERIODE:
        return f"du {day_in_words(value[0])} au {day_in_words(value[1])}"
    if isinstance(value, date):
        return day_in_words(value)
    labels: dict[str, str] = {
        TypeChamp.PAYS: dict(PAYS),
        TypeChamp.OUI_NON: dict(YES_NO),
        TypeChamp.CHOIX: dict(champ.choix),
    }.get(TypeChamp(champ.type), {})
    return labels.get(value, str(value))
