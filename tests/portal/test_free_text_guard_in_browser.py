"""The guard in a page: it speaks while the person writes, and lets no numéro de sécurité sociale leave."""

import pytest
from playwright.sync_api import Page, expect

from portal.lexicons.__main__ import SCRIPT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """
<!doctype html><html lang="fr"><head><title>Message</title></head><body><main><h1>Message</h1>
<form action="/nulle-part/" onsubmit="window.left = true; return false">
  <label for="texte">Votre message</label>
  <p id="aide">Rien sur la santé.</p>
  <textarea id="texte" data-free-text-guard aria-describedby="aide"></textarea>
  <button>Envoyer</button>
</form></main></body></html>
"""


@pytest.fixture
def form(page: Page, console_guard) -> Page:
    console_guard.watch(page.context)
    page.set_content(PAGE)
    page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"), type="module")
    return page


def test_a_number_is_told_in_a_polite_region_and_keeps_the_form_here(form):
    field = form.get_by_label("Votre message")
    field.fill("Son numéro\u00a0: 1 85 05 78 006 048 30")
    region = form.get_by_role("status")
    expect(region).to_contain_text("Ce texte semble contenir un numéro de sécurité sociale. Retirez-le.")
    expect(region).to_have_attribute("aria-live", "polite")
    described = field.get_attribute("aria-describedby").split()
    assert described == ["aide", region.get_attribute("id")]
    form.get_by_role("button").click()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert form.evaluate("window.left") is None
    field.fill("Son dossier est complet.")
    expect(region).to_be_empty()
    assert field.get_attribute("aria-invalid") is None
    form.get_by_role("button").click()
    assert form.evaluate("window.left") is True


def test_the_form_waits_for_no_pause_before_it_looks(form):
    form.get_by_label("Votre message").fill("185057800604830")
    form.get_by_role("button").click()
    assert form.evaluate("window.left") is None


def test_the_rest_is_pointed_out_and_leaves(form):
    form.get_by_label("Votre message").fill("Elle est enceinte, appelez le 06 39 98 12 34.")
    region = form.get_by_role("status")
    expect(region).to_contain_text("donnée de santé (grossesse)")
    expect(region).to_contain_text("numéro de téléphone")
    form.get_by_role("button").click()
    assert form.evaluate("window.left") is True
