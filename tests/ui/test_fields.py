"""Field groups and the error summary."""

import pytest
from django import forms

from tests.ui.rendering import draw, words

CHOICES = [("a", "Renoncement aux soins"), ("b", "Rupture de droits")]


class Situation(forms.Form):
    nom = forms.CharField(label="Nom de naissance", help_text="Tel qu’à l’état civil.")
    usage = forms.CharField(label="Nom d’usage", required=False)
    motif = forms.ChoiceField(label="Motif", choices=CHOICES, widget=forms.RadioSelect)
    causes = forms.MultipleChoiceField(label="Causes", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    departement = forms.ChoiceField(label="Département", choices=[("", "Choisissez"), ("25", "25 – Doubs")])
    commentaire = forms.CharField(label="Commentaire", max_length=500, widget=forms.Textarea, required=False)
    informee = forms.BooleanField(label="La personne est informée.")
    piece = forms.FileField(label="Pièce")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["motif"].widget.hints = {"a": "La personne repousse un soin."}


def group(name: str, form: forms.Form | None = None) -> str:
    html = (form or Situation())[name].as_field_group()
    return draw("{{ html }}", html=html)


def test_label_comes_first_then_hint_then_error_then_control():
    html = group("nom", Situation({}))

    positions = [html.index(part) for part in ("<label", "_helptext", "_error", "<input")]
    assert positions == sorted(positions)
    assert 'for="id_nom"' in html
    assert 'aria-describedby="id_nom_helptext id_nom_error"' in html
    assert 'aria-invalid="true"' in html
    assert "Erreur : Remplissez le champ « Nom de naissance »." in words(html)


def test_required_field_has_no_asterisk_and_optional_one_says_so():
    assert "*" not in group("nom")
    assert " required" in group("nom")
    assert words(group("usage")) == "Nom d’usage (optionnel)"


def test_optional_mark_can_be_switched_off_for_a_whole_form():
    form = Situation()
    form.mark_optional = False

    assert words(group("usage", form)) == "Nom d’usage"


def test_radios_are_a_fieldset_with_hints_of_their_own():
    html = group("motif")

    assert html.startswith("<fieldset")
    assert '<legend class="ep-field__label">Motif' in html
    assert 'aria-describedby="id_motif_0_aide"' in html
    assert 'id="id_motif_0_aide">La personne repousse un soin.' in html
    assert 'for="id_motif_1"' in html
    assert html.count('class="form-check-input"') == 2


def test_group_of_choices_takes_the_layout_of_its_widget():
    form = Situation()
    form.fields["motif"].widget.attrs["class"] = "ep-choices--columns"

    html = group("motif", form)
    assert '<div class="ep-choices ep-choices--columns">' in html
    assert html.count('class="form-check-input"') == 2


def test_fieldset_is_tied_to_its_error():
    assert (
        '<fieldset class="ep-field ep-field--invalid" id="id_motif_groupe" aria-describedby="id_motif_error"'
        in (group("motif", Situation({})))
    )


def test_single_checkbox_is_followed_by_its_label():
    html = group("informee")

    assert html.index("<input") < html.index("<label")
    assert "(optionnel)" not in html


def test_text_area_counts_and_never_cuts():
    html = group("commentaire")

    assert 'data-ep-counter="500"' in html
    assert "maxlength" not in html
    assert 'aria-describedby="id_commentaire_compteur"' in html
    assert "500 caractères au maximum." in words(html)


def test_controls_have_the_look_of_their_kind():
    assert 'class="form-select"' in group("departement")
    assert 'class="form-control"' in group("piece")
    assert group("version") == '<input type="hidden" name="version" id="id_version">'


def test_what_was_typed_is_kept():
    assert 'value="D&#x27;Angelo"' in group("nom", Situation({"nom": "D'Angelo"}))


def test_whole_form_draws_every_field_once():
    html = str(Situation())

    assert all(html.count(f'name="{name}"') >= 1 for name in Situation.base_fields)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nom", "Remplissez le champ « Nom de naissance »."),
        ("motif", "Choisissez une réponse : « Motif »."),
        ("causes", "Cochez au moins une réponse : « Causes »."),
        ("departement", "Choisissez une réponse : « Département »."),
        ("informee", "Cochez la case « La personne est informée »."),
        ("piece", "Ajoutez un fichier : « Pièce »."),
    ],
)
def test_missing_answer_says_what_to_do(name, message):
    assert message in words(group(name, Situation({})))


def test_own_message_of_a_field_wins():
    form = Situation({})
    form.fields["nom"].error_messages["required"] = "Saisissez le nom de naissance."

    assert "Saisissez le nom de naissance." in words(group("nom", form))


def test_summary_counts_and_links_to_each_field():
    html = draw('{% ui_error_summary form titre="La demande" %}', form=Situation({"version": "1"}))

    assert 'role="alert" tabindex="-1"' in html
    assert "La demande contient 6 erreurs" in words(html)
    for target in ("id_nom", "id_motif_0", "id_causes_0", "id_departement", "id_informee", "id_piece"):
        assert f'href="#{target}"' in html


def test_summary_uses_the_same_words_as_the_field():
    form = Situation({})
    summary = words(draw("{% ui_error_summary form %}", form=form))

    assert "Remplissez le champ « Nom de naissance »." in summary


def test_summary_of_one_error_is_singular():
    assert "Le formulaire contient 1 erreur " in words(draw('{% ui_error_summary "Cochez une ligne." %}'))


def test_summary_is_absent_without_errors():
    assert draw("{% ui_error_summary form %}", form=Situation()) == ""


def test_summary_gathers_forms_formsets_and_general_errors():
    formset = forms.formset_factory(Situation, extra=1, min_num=2, validate_min=True)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-nom": "x"}
    )
    form = Situation({})
    form.add_error(None, "Cette demande a changé depuis que vous l’avez ouverte.")
    html = draw("{% ui_error_summary form formset %}", form=form, formset=formset)

    assert "Cette demande a changé" in words(html)
    assert 'href="#id_form-0-motif_0"' in html


def test_mention_explains_the_optional_mark():
    assert words(draw("{% ui_mention %}")).startswith("Sauf mention contraire « (optionnel) »")
