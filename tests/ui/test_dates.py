"""The date of birth in three fields."""

import datetime as dt

import pytest
from django import forms
from django.http import QueryDict

from portal.ui.dates import DatePartielle, DateTroisChamps, Precision
from tests.ui.rendering import NBSP, words


class Naissance(forms.Form):
    naissance = DateTroisChamps(label="Date de naissance", latest=lambda: dt.date(2026, 11, 22))


class NaissanceIncertaine(forms.Form):
    naissance = DateTroisChamps(
        label="Date de naissance", unknown_allowed=True, latest=lambda: dt.date(2026, 11, 22)
    )


class NaissanceFacultative(forms.Form):
    naissance = DateTroisChamps(label="Date de naissance", required=False)


def form_with(kind: type[forms.Form], jour: str, mois: str, annee: str) -> forms.Form:
    data = QueryDict(mutable=True)
    data.update({"naissance_jour": jour, "naissance_mois": mois, "naissance_annee": annee})
    return kind(data)


@pytest.mark.parametrize("typed", [("14", "3", "1984"), ("14", "03", "1984"), (" 14 ", "3", "1984 ")])
def test_full_date(typed):
    form = form_with(Naissance, *typed)

    assert form.is_valid(), form.errors
    value = form.cleaned_data["naissance"]
    assert value == DatePartielle(1984, 3, 14)
    assert (value.date, value.precision, str(value)) == (dt.date(1984, 3, 14), "JOUR", "14/03/1984")


@pytest.mark.parametrize(
    ("typed", "expected", "precision", "shown"),
    [
        (("", "3", "1984"), dt.date(1984, 3, 1), Precision.MOIS, "mars 1984"),
        (("00", "03", "1984"), dt.date(1984, 3, 1), Precision.MOIS, "mars 1984"),
        (("", "", "1984"), dt.date(1984, 1, 1), Precision.ANNEE, "1984"),
        (("0", "0", "1984"), dt.date(1984, 1, 1), Precision.ANNEE, "1984"),
    ],
)
def test_unknown_day_or_month(typed, expected, precision, shown):
    form = form_with(NaissanceIncertaine, *typed)

    assert form.is_valid(), form.errors
    value = form.cleaned_data["naissance"]
    assert (value.date, value.precision, str(value)) == (expected, precision, shown)
    assert DatePartielle.from_date(value.date, value.precision) == value


@pytest.mark.parametrize(
    ("kind", "typed", "messages"),
    [
        (Naissance, ("", "", ""), ["Saisissez la date de naissance. Exemple : 14 3 1984."]),
        (
            Naissance,
            ("14", "3", "84"),
            ["Saisissez une année de naissance à 4 chiffres. Exemple : 1984."],
        ),
        (Naissance, ("", "3", "1984"), ["Saisissez un jour de naissance entre 1 et 31. Exemple : 14."]),
        (Naissance, ("0", "3", "1984"), ["Saisissez un jour de naissance entre 1 et 31. Exemple : 14."]),
        (Naissance, ("14", "13", "1984"), ["Saisissez un mois de naissance entre 1 et 12. Exemple : 3."]),
        (
            Naissance,
            ("x", "mars", "١٩٨٤"),
            [
                "Saisissez un jour de naissance entre 1 et 31. Exemple : 14.",
                "Saisissez un mois de naissance entre 1 et 12. Exemple : 3.",
                "Saisissez une année de naissance à 4 chiffres. Exemple : 1984.",
            ],
        ),
        (Naissance, ("31", "2", "1984"), ["Le 31 février 1984 n’existe pas. Vérifiez le jour et le mois."]),
        (Naissance, ("29", "2", "1985"), ["Le 29 février 1985 n’existe pas. Vérifiez le jour et le mois."]),
        (
            Naissance,
            ("23", "11", "2026"),
            ["La date de naissance ne peut pas être dans le futur. Vérifiez l’année."],
        ),
        (
            Naissance,
            ("14", "3", "1899"),
            ["Saisissez une année de naissance à partir de 1900. Exemple : 1984."],
        ),
        (
            NaissanceIncertaine,
            ("14", "", "1984"),
            ["Indiquez le mois de naissance, ou laissez vides le jour et le mois s’ils sont inconnus."],
        ),
        (NaissanceIncertaine, ("", "", ""), ["Saisissez la date de naissance. Exemple : 14 3 1984."]),
    ],
)
def test_refused_dates_say_what_to_type(kind, typed, messages):
    form = form_with(kind, *typed)

    assert not form.is_valid()
    assert [message.replace(NBSP, " ") for message in form.errors["naissance"]] == messages


def test_today_is_accepted():
    assert form_with(Naissance, "22", "11", "2026").is_valid()


def test_optional_date_may_be_empty():
    form = form_with(NaissanceFacultative, "", "", "")

    assert form.is_valid()
    assert form.cleaned_data["naissance"] is None


def test_stored_date_fills_the_three_fields():
    html = str(Naissance(initial={"naissance": DatePartielle(1984, 3)})["naissance"].as_field_group())

    assert 'name="naissance_jour" value=""' in html
    assert 'name="naissance_mois" value="3"' in html
    assert 'name="naissance_annee" value="1984"' in html


def test_browser_never_remembers_the_date_of_the_person_helped():
    html = Naissance()["naissance"].as_field_group()

    assert html.count('autocomplete="off"') == 3
    assert html.count('inputmode="numeric"') == 3


def test_group_is_a_fieldset_tied_to_its_hint_and_error():
    html = form_with(Naissance, "14", "3", "84")["naissance"].as_field_group()

    assert 'aria-describedby="id_naissance_helptext id_naissance_error"' in " ".join(html.split())
    assert '<legend class="ep-field__label">' in html
    assert 'for="id_naissance_annee"' in html
    assert html.count('aria-invalid="true"') == 3
    assert "Jour" in words(html)


def test_error_link_leads_to_the_faulty_part():
    field = form_with(Naissance, "14", "3", "84")["naissance"]

    assert field.field.widget.part_id(field.auto_id, ["annee"]) == "id_naissance_annee"


@pytest.mark.parametrize(
    ("data", "changed"), [(["14", "03", "1984"], True), (["14", "3", "1984"], False), (["", "", ""], True)]
)
def test_change_is_seen(data, changed):
    assert DateTroisChamps().has_changed(DatePartielle(1984, 3, 14), data) is changed
