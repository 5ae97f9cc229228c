"""Alerts, cards, tables, navigation, chronology, files."""

import datetime as dt

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message

from portal.ui.tables import Column
from tests.ui.rendering import draw, words

FACTS = [("Nom de naissance", "Martin"), ("Nom d’usage", ""), ("Département", None), ("Enfants", 0)]


@pytest.mark.parametrize(
    ("tone", "word"),
    [("info", "Information"), ("success", "Succès"), ("warning", "Attention"), ("danger", "Erreur")],
)
def test_alert_says_its_kind_in_words(tone, word):
    html = draw("{% ui_alert tone=tone %}Texte.{% endui_alert %}", tone=tone)

    assert words(html) == f"{word} : Texte."
    assert "role=" not in html


def test_alert_with_a_title_can_be_announced_and_hidden():
    html = draw(
        '{% ui_alert tone="danger" title="Refusé" role="alert" close=True %}<p>x</p>{% endui_alert %}'
    )

    assert 'role="alert"' in html
    assert words(html) == "Erreur : Refusé x Masquer le message"
    assert "data-ep-close hidden" in html


def test_messages_become_alerts_that_stay():
    messages = [Message(constants.SUCCESS, "Enregistré."), Message(constants.ERROR, "<b>Refusé.</b>")]
    html = draw("{% ui_messages messages %}", messages=messages)

    assert 'ep-alert--success" role="status"' in html
    assert 'ep-alert--danger" role="alert"' in html
    assert "&lt;b&gt;Refusé" in html


def test_card_is_named_by_its_heading():
    html = draw('{% ui_card title="La personne" level=3 id="personne" %}x{% endui_card %}')

    assert 'aria-labelledby="personne-titre"' in html
    assert '<h3 class="ep-card__title" id="personne-titre">La personne</h3>' in html
    assert "<h" not in draw("{% ui_card %}x{% endui_card %}")


def test_card_keeps_markup_of_its_content_and_escapes_its_variables():
    html = draw("{% ui_card title=v %}<p>{{ v }}</p>{% endui_card %}", v="<script>")

    assert "<script>" not in html
    assert "<p>&lt;script&gt;</p>" in html


def test_tile_is_one_link_named_by_count_and_label():
    html = draw('{% ui_tile "En retard" 1200 "/file/" "danger" "attention" %}')

    assert html.startswith('<a class="ep-tile ep-tile--danger" href="/file/">')
    assert words(html) == "plus de 1 000 En retard"
    assert draw('{% ui_tile "Comptes" 3 %}').startswith("<div")


def test_empty_state_says_what_to_do_next():
    html = draw('{% ui_empty "Aucune demande." %}<p>Effacez les filtres.</p>{% endui_empty %}')

    assert words(html) == "Aucune demande. Effacez les filtres."


def test_dialog_is_native_and_named_by_its_title():
    html = draw('{% ui_dialog id="aide" title="Raccourcis" %}x{% endui_dialog %}')

    assert html.startswith('<dialog class="ep-dialog" id="aide" aria-labelledby="aide-titre">')
    assert "Fermer la fenêtre" in html


def test_definitions_say_when_nothing_was_given():
    text = words(draw("{% ui_definitions rows %}", rows=FACTS))

    assert text == "Nom de naissance Martin Nom d’usage Non renseigné Département Non renseigné Enfants 0"


def test_summary_list_names_what_its_link_changes():
    html = draw('{% ui_summary_list rows "La personne" "/1/" hidden="la personne" %}', rows=FACTS[:1])

    assert words(html) == "La personne Modifier la personne Nom de naissance Martin"
    assert "Modifier" not in draw('{% ui_summary_list rows "La personne" %}', rows=FACTS[:1])


def test_table_has_caption_and_sort_links():
    columns = [
        Column("Référence", "?tri=-ref", "ascending"),
        Column("Échéance", "?tri=echeance"),
        "Statut",
        Column("Actions", hidden=True),
    ]
    html = draw(
        '{% ui_table "Demandes, 2 résultats" columns id="demandes" %}'
        '<tr><th scope="row">EP</th></tr>{% endui_table %}',
        columns=columns,
    )

    assert (
        'id="demandes-legende" class="visually-hidden" tabindex="-1">Demandes, 2 résultats</caption>' in html
    )
    assert html.count('scope="col"') == 4
    assert html.count("aria-sort") == 1
    assert 'aria-sort="ascending"><a href="?tri=-ref">' in html
    assert "Référence : trier par ordre décroissant" in words(html)
    assert "Échéance : trier par ordre croissant" in words(html)
    assert '<span class="visually-hidden">Actions</span>' in html
    assert '<tbody><tr><th scope="row">EP</th></tr></tbody>' in html


def test_table_caption_can_be_shown():
    html = draw('{% ui_table "Comptes" columns show_caption=True %}{% endui_table %}', columns=["Nom"])

    assert '<caption tabindex="-1">Comptes</caption>' in html


def test_timeline_is_an_ordered_list_with_machine_dates():
    when = dt.datetime(2026, 12, 24, 13, 5, tzinfo=dt.UTC)
    html = draw(
        "{% ui_timeline %}"
        '{% ui_timeline_item "Message de la caisse" when=when author="Accueil" icon_name="message" tone="received" %}'
        "<p>Bonjour.</p>{% endui_timeline_item %}{% endui_timeline %}",
        when=when,
    )

    assert html.startswith('<ol class="ep-timeline" aria-label="Chronologie"><li')
    assert '<time datetime="2026-12-24T14:05:00+01:00">24 décembre 2026 à 14\u00a0h\u00a005</time>' in html
    assert words(html) == "Message de la caisse Accueil · 24 décembre 2026 à 14 h 05 Bonjour."


def test_breadcrumb_ends_with_the_page():
    html = draw("{% ui_breadcrumb items %}", items=[("Accueil", "/"), ("Demandes", "/d/"), ("EP-1", "")])

    assert html.count("<a ") == 2
    assert '<span aria-current="page">EP-1</span>' in html
    assert 'aria-label="Fil d’Ariane"' in html


def test_stepper_is_text_and_never_a_link():
    titles = ["La personne", "La situation", "Les pièces"]
    html = draw("{% ui_stepper titles 2 %}", titles=titles)

    assert words(html) == "Étape 2 sur 3 : La situation Étape suivante : Les pièces"
    assert "<a" not in html
    assert "suivante" not in draw("{% ui_stepper titles 3 %}", titles=titles)


def test_tabs_mark_the_current_one_and_cap_counts():
    tabs = [("À faire", "/a/", True, 3), ("Traitées", "/t/", False, 5000), ("Toutes", "/x/", False, None)]
    html = draw('{% ui_tabs tabs "Listes de demandes" %}', tabs=tabs)

    assert html.count("aria-current") == 1
    assert '<a href="/a/" aria-current="page">' in html
    assert words(html) == "À faire , 3 Traitées , plus de 1 000 Toutes"


def test_pagination_shows_only_the_sides_that_exist():
    html = draw('{% ui_pagination "" "?apres=x" "Page 1" %}')

    assert '<nav class="ep-pagination" aria-label="Pagination">' in html
    assert 'rel="next" href="?apres=x"' in html
    assert "Page précédente" not in html
    assert "hx-" not in html
    assert draw('{% ui_pagination "" "" %}') == ""


def test_pagination_swaps_its_block_and_moves_the_focus():
    html = draw('{% ui_pagination "?avant=x" "?apres=x" "Page 2" target="#resultats" %}')

    assert html.count('hx-target="#resultats" hx-push-url="true" data-ep-focus-after="#resultats"') == 2


def test_file_says_its_size_and_state():
    html = draw('{% ui_file "identite.pdf" 120000 "EN_ANALYSE" kind="PDF" %}')

    assert words(html) == "identite.pdf PDF, 120 Ko Analyse en cours"
    assert "<form" not in html


def test_refused_file_says_why_and_can_be_removed():
    html = draw(
        '{% ui_file "a.pdf" 10 "REFUSEE" message="Le fichier est chiffré." remove_url="/retirer/1/" %}',
        csrf_token="jeton",
    )

    assert "ep-file--error" in html
    assert "Le fichier est chiffré." in html
    assert '<form method="post" action="/retirer/1/"' in html
    assert 'name="csrfmiddlewaretoken" value="jeton"' in html
    assert words(html).endswith("Retirer a.pdf")


def test_file_being_analysed_says_where_to_ask():
    source = '{% ui_file "a.pdf" 10 etat state_url="/etat/1/" %}'

    assert 'data-ep-file-state-url="/etat/1/"' in draw(source, etat="EN_ANALYSE")
    assert "/etat/1/" not in draw(source, etat="SAINE")


def test_file_inside_a_form_uses_that_form():
    html = draw('{% ui_file "a.pdf" remove_url="/retirer/1/" in_form=True %}')

    assert "<form" not in html
    assert 'formaction="/retirer/1/" formnovalidate' in html


def test_upload_is_an_ordinary_file_field_without_javascript():
    html = draw(
        '{% ui_upload url="/pieces/" hint="PDF, 10 Mo." error="Ajoutez une pièce." id="avis" %}'
        '{% ui_file "a.pdf" %}{% endui_upload %}'
    )

    assert '<input type="file" class="form-control" id="avis" name="fichiers"' in html
    assert " multiple " in html
    assert 'aria-describedby="avis_aide avis_erreur" aria-invalid="true"' in html
    assert "capture" not in html
    assert 'data-upload-url="/pieces/" data-upload-max="20"' in html
    assert 'aria-label="Fichiers ajoutés"><li class="ep-file"' in html


def test_no_component_carries_an_inline_style_or_script():
    html = draw(
        "{% ui_alert %}x{% endui_alert %}{% ui_tile 'a' 1 %}{% ui_stepper titles 1 %}"
        "{% ui_upload url='/p/' %}{% endui_upload %}{% ui_dialog id='d' title='t' %}{% endui_dialog %}",
        titles=["a", "b"],
    )

    assert "style=" not in html
    assert " on" not in html.replace(" on ", "")
    assert "<script" not in html
