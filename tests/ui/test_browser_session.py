"""The warning before an idle session ends."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.fixtures.browser import axe_violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.ui.screens"),
    pytest.mark.usefixtures("console_guard"),
    pytest.mark.django_db(transaction=True),
]
IDLE = 30 * 60


def forward(page: Page, seconds: int) -> None:
    """Let the time of the page pass, its timers included."""
    page.clock.run_for(seconds * 1000)


@pytest.fixture
def warned(page: Page, seen) -> Page:
    """A page whose session ends in a little under two minutes."""
    page.clock.install()
    page.goto("/")
    forward(page, IDLE - 119)
    expect(page.get_by_role("dialog")).to_be_visible()
    return page


def test_nothing_is_shown_before(page: Page, seen):
    page.clock.install()
    page.goto("/")
    forward(page, IDLE - 125)

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_warning_names_the_delay_and_marks_the_title(warned: Page):
    dialog = warned.get_by_role("dialog", name=re.compile("Vous allez être déconnecté dans 2 minutes"))

    expect(dialog).to_contain_text("Votre saisie est enregistrée.")
    expect(warned).to_have_title(re.compile(r"^\(2 min\) Essai"))
    expect(dialog.get_by_role("status")).to_have_text("Vous allez être déconnecté dans 2 minutes.")
    assert axe_violations(warned) == []


def test_last_call_is_announced_once(warned: Page):
    forward(warned, 91)

    expect(warned.get_by_role("dialog").get_by_role("status")).to_contain_text("30 secondes")
    expect(warned).to_have_title(re.compile(r"^\(30 s\)"))


def test_one_action_extends_it(warned: Page, seen):
    warned.get_by_role("button", name="Rester connecté").click()

    expect(warned.get_by_role("dialog")).to_be_hidden()
    expect(warned).to_have_title(re.compile("^Essai"))
    assert seen.extended == 1
    forward(warned, IDLE - 125)
    expect(warned.get_by_role("dialog")).to_be_hidden()


def test_escape_extends_it_too(warned: Page, seen):
    warned.keyboard.press("Escape")

    expect(warned.get_by_role("dialog")).to_be_hidden()
    assert seen.extended == 1


def test_end_of_the_session_leads_to_the_sign_in_page(warned: Page):
    forward(warned, 120)

    expect(warned).to_have_url(re.compile("/connexion/"))


def test_session_already_over_leads_to_the_sign_in_page(warned: Page, seen):
    seen.extend_status = 401
    warned.get_by_role("button", name="Rester connecté").click()

    expect(warned).to_have_url(re.compile("/connexion/"))


def test_service_away_is_said_in_the_dialog(warned: Page, seen):
    seen.extend_status = 503
    warned.get_by_role("button", name="Rester connecté").click()

    expect(warned.get_by_role("dialog").get_by_role("status")).to_contain_text("La connexion est interrompue")


def test_every_tab_follows_the_one_that_extends(warned: Page, context: BrowserContext, seen):
    # The other tab opens now, so its clock starts later: opening it has extended the session of both.
    other = context.new_page()
    other.goto("/accessibilite/")
    other.goto("/liste/")

    expect(warned.get_by_role("dialog")).to_be_hidden()


def test_draft_is_saved_when_the_warning_comes(page: Page, seen):
    page.clock.install()
    page.goto("/formulaire/")
    forward(page, IDLE - 122)
    page.get_by_role("textbox", name="Nom de naissance").fill("Martin")
    page.evaluate("document.dispatchEvent(new CustomEvent('ep:save-now'))")

    expect(page.get_by_text("Enregistré à 14 h 02")).to_be_visible()
    assert seen.saved == ["Martin"]
