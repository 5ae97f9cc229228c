"""Icons, badges, deadlines, buttons, links, counts and sizes."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.safestring import SafeString

from portal.ui import badges
from portal.ui.text import file_size, shown_count
from tests.ui.rendering import NBSP, draw, words

SPRITE = (Path(settings.BASE_DIR) / "static/img/icons.svg").read_text(encoding="utf-8")
ICONS = set(re.findall(r'<symbol id="([a-z-]+)"', SPRITE))


def test_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in draw('{% ui_icon "dossier" %}')
    assert 'role="img" aria-label="Dossier"' in draw('{% ui_icon "dossier" label="Dossier" %}')


def test_every_icon_named_by_the_components_is_in_the_sprite():
    sources = [
        *Path(settings.BASE_DIR, "templates").rglob("*.html"),
        *Path(settings.BASE_DIR, "portal/ui").rglob("*.py"),
    ]
    named = set()
    for source in sources:
        text = source.read_text(encoding="utf-8")
        named |= set(re.findall(r'ui_icon "([a-z-]+)"', text)) | set(
            re.findall(r'icon_name="([a-z-]+)"', text)
        )
    named |= {icon for _, icon in [*badges.STATUT_STYLES.values(), *badges.ISSUE_STYLES.values()]}
    named |= {icon for _, icon in badges.ECHEANCE_STYLES.values()}

    assert named - ICONS == set()


def test_badge_says_its_state_in_words():
    html = draw('{% ui_badge "Actif" "success" "coche" %}')

    assert words(html) == "Actif"
    assert "ep-badge--success" in html
    assert "icons.svg#coche" in html


def test_badge_escapes_and_is_drawn_once():
    assert "&lt;b&gt;" in draw("{% ui_badge label %}", label="<b>")
    assert badges.badge("En cours", "info") is badges.badge("En cours", "info")


@pytest.mark.parametrize(
    ("code", "issue", "tone", "icon"),
    [
        ("BROUILLON", "", "neutral", "crayon"),
        ("A_COMPLETER", "", "warning", "pause"),
        ("TRAITEE", "ACCORD", "success", "coche-cercle"),
        ("TRAITEE", "REFUS", "danger", "croix-cercle"),
        ("TRAITEE", "INJOIGNABLE", "neutral", "coche-cercle"),
    ],
)
def test_statut_takes_tone_and_icon_from_its_code(code, issue, tone, icon):
    html = draw("{% ui_statut code label issue %}", code=code, label="Libellé", issue=issue)

    assert f"ep-badge--{tone}" in html
    assert f"#{icon}" in html
    assert words(html) == "Libellé"


@pytest.mark.parametrize(
    ("tone", "style"), [("late", "danger-plein"), ("paused", "neutral"), ("inconnu", "neutral")]
)
def test_echeance_is_text_first(tone, style):
    html = draw("{% ui_echeance label tone %}", label="En retard de 4 jours", tone=tone)

    assert words(html) == "En retard de 4 jours"
    assert f"ep-echeance--{style}" in html


def test_tag_can_be_taken_away():
    assert words(draw('{% ui_tag "Tutelle" "/sans/" %}')) == "Tutelle : retirer"


def test_button_carries_its_name_and_value():
    html = draw('{% ui_button "Enregistrer" "secondary" name="action" value="brouillon" %}')

    assert html == (
        '<button type="submit" class="btn ep-btn ep-btn--secondary" name="action" value="brouillon">'
        "Enregistrer</button>"
    )


def test_button_escapes_its_label():
    assert "<i>" not in draw("{% ui_button label %}", label="<i>x</i>")
    assert "<i>" in draw("{% ui_button label %}", label=SafeString("<i>x</i>"))


def test_link_completes_its_name_for_screen_readers():
    html = draw('{% ui_link "Modifier" "/m/" hidden="la situation" %}')

    assert words(html) == "Modifier la situation"
    assert "ep-btn" not in html
    assert "btn ep-btn ep-btn--primary" in draw('{% ui_link "Nouvelle demande" "/n/" "primary" %}')


def test_copy_button_stays_hidden_without_javascript():
    html = draw('{% ui_copy "EP-251-7K3M4-2Q" hidden="la référence" %}')

    assert 'data-ep-copy="EP-251-7K3M4-2Q" hidden' in html
    assert words(html) == "EP-251-7K3M4-2Q Copier la référence"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0"),
        (31, "31"),
        (1000, f"1{NBSP}000"),
        (1001, f"plus de 1{NBSP}000"),
        (9999, f"plus de 1{NBSP}000"),
    ],
)
def test_counts_stop_at_a_thousand(count, shown):
    assert shown_count(count) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 octet"),
        (1, "1 octet"),
        (999, "999 octets"),
        (120_000, "120 Ko"),
        (999_600, "1 Mo"),
        (4_200_000, "4,2 Mo"),
        (10_000_000, "10 Mo"),
    ],
)
def test_sizes_are_french(size, shown):
    assert file_size(size) == shown.replace(" ", NBSP)
