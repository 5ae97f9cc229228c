"""The furniture of the page in a browser: accessibility, keyboard, theme, menu, dialog, weight."""

import gzip
import re

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import assert_axe_clean, axe_violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.ui.screens"),
    pytest.mark.usefixtures("seen", "console_guard"),
    pytest.mark.django_db(transaction=True),
]

# The pages of the portal themselves are those of tests/e2e/test_every_screen.py.
SCREENS = ["/", "/formulaire/", "/pieces/", "/mot-de-passe/", "/liste/", "/absente/"]


def test_screens_have_no_accessibility_finding(page: Page):
    wrong = []
    for path in SCREENS:
        page.goto(path)
        try:
            assert_axe_clean(page)
        except AssertionError as error:
            wrong.append(str(error))
    assert not wrong, "\n".join(wrong)


def test_forced_colours_keep_the_screen_accessible(page: Page):
    page.emulate_media(forced_colors="active")
    page.goto("/")

    assert axe_violations(page) == []


def test_text_spacing_of_the_reader_hides_nothing(page: Page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/")
    page.evaluate(
        """() => { for (const element of document.querySelectorAll("body *")) {
          element.style.lineHeight = "1.5"; element.style.letterSpacing = ".12em"; element.style.wordSpacing = ".16em";
        } }"""
    )

    assert page.evaluate("document.documentElement.scrollWidth <= 320")


def test_title_is_the_page_then_the_brand(page: Page):
    page.goto("/formulaire/")
    expect(page).to_have_title("La personne – Espace Partenaires")

    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_title(re.compile(r"^Erreur\s: La personne – Espace Partenaires$"))


def test_tab_walk_starts_with_the_skip_links(page: Page):
    page.goto("/")
    walked = []
    for _ in range(7):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.innerText.replace(/\\s+/g, ' ').trim()"))

    assert walked[:2] == ["Aller au contenu", "Aller au menu"]
    assert walked[2].startswith("Espace Partenaires")
    assert "Camille Fournier" in walked[3]
    assert walked[4].startswith("Accueil")
    assert walked[5].startswith("Demandes de ma structure")
    assert walked[6] == "Accueil"


def test_focus_is_seen_on_every_stop(page: Page):
    page.goto("/")
    for _ in range(25):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, page.evaluate("document.activeElement.outerHTML.slice(0, 120)")


def test_skip_link_leads_to_the_content(page: Page):
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_targets_are_large_enough(page: Page):
    page.goto("/")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, .ep-nav a, .ep-tabs a, .btn")]
          .filter(e => e.checkVisibility()).map(e => [e.innerText, e.getBoundingClientRect()])
          .filter(([, box]) => box.height < 24 || box.width < 24).map(([text]) => text)"""
    )

    assert small == []


def test_theme_is_applied_at_once_and_kept(page: Page):
    page.goto("/plan-du-site/")
    page.get_by_role("button", name="Sombre").click()

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="Sombre")).to_have_attribute("aria-pressed", "true")
    page.goto("/accessibilite/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_density_makes_rows_tighter(page: Page):
    page.goto("/liste/")
    before = page.locator("tbody tr").first.bounding_box()
    page.get_by_role("button", name="Compacte").click()

    expect(page.get_by_role("button", name="Compacte")).to_have_attribute("aria-pressed", "true")
    after = page.locator("tbody tr").first.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] < before["height"]


def test_account_menu_closes_with_escape(page: Page):
    page.goto("/")
    summary = page.locator("summary", has_text="Camille Fournier")
    summary.click()
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()

    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_hidden()
    expect(summary).to_be_focused()


def test_menu_folds_on_a_phone(page: Page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/")
    menu = page.get_by_role("navigation", name="Menu principal")
    button = page.get_by_role("button", name="Menu", exact=True)
    expect(menu).to_be_hidden()

    button.click()
    expect(menu).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")


def test_dialog_gives_the_focus_back(page: Page):
    page.goto("/")
    opener = page.get_by_role("button", name="Ouvrir la fenêtre")
    opener.click()
    expect(page.get_by_role("dialog", name="Raccourcis")).to_be_visible()

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Raccourcis")).to_be_hidden()
    expect(opener).to_be_focused()


def test_hidden_alert_leaves_the_focus_on_the_heading(page: Page):
    page.goto("/")
    page.get_by_role("button", name="Masquer le message").click()

    expect(page.get_by_text("Le technicien a été ajouté.")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_copy_says_that_it_is_done(page: Page, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.get_by_role("button", name="Copier la référence").click()

    expect(page.get_by_role("button", name="Copié la référence")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "EP-251-7K3M4-2Q"
    expect(page.locator("[data-ep-live]")).to_have_text("Copié")


def test_table_is_stacked_on_a_phone_with_the_name_of_each_cell(page: Page):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/liste/")
    label = page.locator("td").first.evaluate("e => getComputedStyle(e, '::before').content")

    assert "Statut" in label
    assert page.locator("table").get_by_role("row").count() == 26


def test_next_page_moves_the_focus_to_the_caption(page: Page):
    page.goto("/liste/")
    page.get_by_role("link", name="Page suivante").click()

    expect(page.locator(".ep-pagination__position")).to_have_text("Page 2")
    expect(page.locator("caption")).to_be_focused()
    expect(page.locator("[data-ep-live]")).to_have_text("25 demandes, Page 2")
    assert page.url.endswith("/liste/?p=2")
    assert (
        page.evaluate("Object.keys({...localStorage, ...sessionStorage}).filter(k => /cache/.test(k))") == []
    )


def test_refused_fragment_shows_its_summary_and_takes_the_focus(page: Page):
    page.goto("/liste/")
    page.get_by_role("button", name="Ajouter").click()

    expect(page.locator("#erreurs")).to_be_focused()
    expect(page.get_by_role("button", name="Ajouter")).to_be_enabled()


def test_broken_fragment_says_it_on_top_of_the_page(page: Page, console_guard):
    page.goto("/liste/")
    page.get_by_role("button", name="Panne").click()

    expect(page.get_by_role("alert")).to_contain_text("Le service a rencontré un problème")
    console_guard.forget()  # htmx reports the 503 of this test


def test_print_is_black_on_white_without_furniture(page: Page):
    page.emulate_media(media="print", color_scheme="dark")
    page.goto("/")

    for hidden in (".ep-nav", ".ep-footer", ".ep-menu", ".ep-breadcrumb"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".ep-print-reference")).to_be_visible()
    colours = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(e => e.checkVisibility())
          .map(e => getComputedStyle(e)).map(s => [s.color, s.backgroundColor].join())"""
    )
    assert set(colours) <= {"rgb(0, 0, 0),rgba(0, 0, 0, 0)", "rgb(0, 0, 0),rgb(255, 255, 255)"}


def test_first_page_is_light(page: Page):
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(gzip.compress(response.body()))}))
    page.goto("/", wait_until="networkidle")

    assert len(sizes) <= 15, list(sizes)
    assert sum(sizes.values()) <= 120_000, sizes


def test_works_without_javascript(new_context, live_server):
    page = new_context(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/")

    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()
    expect(page.get_by_role("button", name="Copier la référence")).to_be_hidden()
    page.goto("/plan-du-site/")
    page.get_by_role("button", name="Sombre").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto("/liste/")
    page.get_by_role("link", name="Page suivante").click()
    expect(page.locator(".ep-pagination__position")).to_have_text("Page 2")
