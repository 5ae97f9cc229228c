"""Free texts in forms and models: refused, confirmed, counted, never lost."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models.functions import Lower
from django.test.utils import isolate_apps
from rest_framework import serializers

from portal.free_text_fields import MAX_LENGTH, TexteLibreModelField
from portal.free_text_forms import ConfirmableTextMixin, TexteLibreField

NIR = "Son numéro\u00a0: 1 85 05 78 006 048 30"
HEALTH = "Elle est enceinte."
DOUBTFUL = "Elle est enceinte, 1850578006048"


class MessageForm(ConfirmableTextMixin, forms.Form):
    objet = TexteLibreField(label="Objet", max_length=80, widget=forms.TextInput)
    texte = TexteLibreField(label="Message")
    note = TexteLibreField(label="Note", required=False)


def submitted(**data):
    return MessageForm({"objet": "Droits", "texte": "Bonjour", **data})


def test_before_the_first_submission_there_is_no_checkbox():
    assert list(MessageForm().fields) == ["objet", "texte", "note"]


def test_an_ordinary_text_passes_and_brings_no_checkbox():
    form = submitted(texte="La carte Vitale est perdue, rappelez le 03 81 00 00 00.")
    assert form.is_valid()
    assert list(form.fields) == ["objet", "texte", "note"]


def test_a_number_is_an_error_beside_the_field_and_the_text_is_kept():
    form = submitted(texte=NIR)
    assert form.errors == {"texte": ["Ce texte semble contenir un numéro de sécurité sociale. Retirez-le."]}
    assert form["texte"].value() == NIR
    assert "texte" not in form.cleaned_data


@pytest.mark.parametrize("field", ["objet", "texte", "note"])
def test_every_field_refuses_a_number_and_a_confirmation_changes_nothing(field):
    assert submitted(**{field: NIR, f"{field}_confirme": "on"}).has_error(field, "nir")


def test_a_doubtful_text_asks_for_a_confirmation_after_its_field():
    form = submitted(texte=HEALTH)
    assert not form.is_valid()
    assert list(form.fields) == ["objet", "texte", "texte_confirme", "note"]
    assert (
        form.fields["texte_confirme"].label == "Je confirme que ce texte ne contient pas de donnée de santé."
    )
    assert form.errors == {
        "texte_confirme": [
            "Ce texte semble contenir une donnée de santé (grossesse). "
            "Retirez-la, ou confirmez que ce n’en est pas une."
        ]
    }
    assert form["texte"].value() == HEALTH


def test_one_checkbox_for_several_doubts():
    form = submitted(texte=DOUBTFUL)
    assert not form.is_valid()
    assert form.fields["texte_confirme"].label == (
        "Je confirme que ce texte ne contient ni donnée de santé ni numéro de sécurité sociale."
    )


def test_once_confirmed_the_text_is_accepted():
    form = submitted(texte=HEALTH, texte_confirme="on")
    assert form.is_valid()
    assert form.cleaned_data["texte"] == HEALTH


def test_a_prefix_is_followed():
    form = MessageForm({"m-objet": "Droits", "m-texte": HEALTH, "m-texte_confirme": "on"}, prefix="m")
    assert form.is_valid()


def test_line_ends_count_once_and_controls_go():
    form = submitted(texte="é\r\n" * 500, note="a\x07b\u202ec")
    assert form.is_valid()
    assert (len(form.cleaned_data["texte"]), form.cleaned_data["note"]) == (999, "abc")


def test_a_text_too_long_is_not_even_read():
    form = submitted(texte="x" * MAX_LENGTH + HEALTH)
    assert list(form.errors) == ["texte"]
    assert list(form.fields) == ["objet", "texte", "note"]


def test_the_browser_is_told_which_fields_to_watch():
    html = MessageForm().as_p()
    assert html.count("data-free-text-guard") == 3
    assert 'maxlength="1000"' in html


def test_findings_are_counted_without_the_text():
    counted = []

    def count(kind, outcome):
        counted.append((kind, outcome))

    MessageForm({"objet": NIR, "texte": DOUBTFUL}, count=count).is_valid()
    assert counted == [("NIR", "refuse"), ("SANTE", "signale"), ("NIR_DOUTEUX", "signale")]
    counted.clear()
    MessageForm({"objet": "", "texte": HEALTH, "texte_confirme": "on"}, count=count).is_valid()
    assert counted == []
    MessageForm({"objet": "Droits", "texte": HEALTH, "texte_confirme": "on"}, count=count).is_valid()
    assert counted == [("SANTE", "confirme")]


# --- the model field


def test_the_model_field_refuses_a_number_at_validation_and_at_save():
    field = TexteLibreModelField()
    with pytest.raises(ValidationError, match="sécurité sociale"):
        field.clean(NIR, None)
    with pytest.raises(ValidationError, match="sécurité sociale"):
        field.get_db_prep_save(NIR, connection)
    assert field.clean(HEALTH, None) == HEALTH
    assert field.get_db_prep_save(HEALTH, connection) == HEALTH
    assert field.get_db_prep_save(Lower("texte"), connection) is not None
    with pytest.raises(ValidationError):
        field.clean("x" * (MAX_LENGTH + 1), None)


def test_the_model_field_gives_the_form_field():
    assert isinstance(TexteLibreModelField(blank=True).formfield(), TexteLibreField)


def test_migrations_only_keep_the_length():
    assert TexteLibreModelField(max_length=200).deconstruct()[1:] == (
        "portal.free_text_fields.TexteLibreModelField",
        [],
        {"max_length": 200},
    )


@isolate_apps("django.contrib.contenttypes")
def test_a_serializer_refuses_a_number_without_being_told():
    class Note(models.Model):
        texte = TexteLibreModelField()

        class Meta:
            app_label = "contenttypes"

        def __str__(self):
            return self.texte

    class NoteSerializer(serializers.ModelSerializer):
        class Meta:
            model = Note
            fields = ["texte"]

    refused = NoteSerializer(data={"texte": NIR})
    assert not refused.is_valid()
    assert [error.code for error in refused.errors["texte"]] == ["nir"]
    assert NoteSerializer(data={"texte": "Bonjour"}).is_valid()
