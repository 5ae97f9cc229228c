"""Forms in a browser: errors, single sending, autosave, files, passwords."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.ui.screens"),
    pytest.mark.usefixtures("console_guard"),
    pytest.mark.django_db(transaction=True),
]

PDF = {"mimeType": "application/pdf", "buffer": b"%PDF-1.7"}


def choose(page: Page, *names: str) -> None:
    """Pick files as the reader does."""
    page.get_by_label("Avis d’imposition").set_input_files([{"name": name, **PDF} for name in names])


def test_refused_form_focuses_its_summary_whose_links_lead_to_the_fields(page: Page, seen):
    page.goto("/formulaire/")
    page.get_by_role("textbox", name="Nom d’usage").fill("Martin")
    page.get_by_role("button", name="Continuer").click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("La demande contient 5 erreurs")
    summary.get_by_role("link", name="Saisissez la date de naissance").click()
    expect(page.get_by_role("textbox", name="Jour")).to_be_focused()
    summary.get_by_role("link", name="Choisissez une réponse : « Civilité »").click()
    expect(page.get_by_role("radio", name="Madame")).to_be_focused()
    expect(page.get_by_role("textbox", name="Nom d’usage")).to_have_value("Martin")
    expect(page.get_by_role("group", name="Date de naissance")).to_have_accessible_description(
        re.compile("Exemple.*Erreur")
    )


def test_double_click_sends_once_and_going_back_allows_another(page: Page, seen):
    page.goto("/formulaire/")
    page.get_by_role("button", name="Continuer").dblclick()
    expect(page.get_by_role("alert")).to_be_visible()
    assert [post["action"] for post in seen.posts] == ["continuer"]

    page.go_back()
    expect(page.get_by_role("button", name="Continuer")).to_be_enabled()


def test_counter_tells_what_is_left_and_never_cuts(page: Page, seen):
    page.goto("/formulaire/")
    area = page.get_by_role("textbox", name="Commentaire")
    area.fill("a" * 49)
    expect(page.get_by_text("Il vous reste 1 caractère.")).to_be_visible()

    area.fill("a" * 60)
    expect(page.get_by_text("Retirez 10 caractères.")).to_be_visible()
    expect(area).to_have_value("a" * 60)


def test_draft_saves_itself_when_leaving_a_field(page: Page, seen):
    page.goto("/formulaire/")
    page.get_by_role("textbox", name="Nom de naissance").fill("Martin")
    page.keyboard.press("Tab")

    expect(page.get_by_role("status").get_by_text("Enregistré à 14 h 02")).to_be_visible()
    assert seen.saved == ["Martin"]


def test_draft_is_not_saved_when_nothing_changed(page: Page, seen):
    page.goto("/formulaire/")
    page.get_by_role("textbox", name="Nom de naissance").focus()
    page.keyboard.press("Tab")
    page.get_by_role("textbox", name="Nom d’usage").fill("x")
    expect(page.get_by_text("Enregistré à 14 h 02")).to_be_visible()

    assert seen.saved == [""]


def test_lost_connection_keeps_the_text_says_so_and_tries_again(page: Page, seen, console_guard):
    page.clock.install()
    page.goto("/formulaire/")
    page.route("**/autosave/", lambda route: route.abort())
    page.get_by_role("textbox", name="Nom de naissance").fill("Martin")
    page.clock.fast_forward(2000)
    expect(page.get_by_text("Connexion interrompue")).to_be_visible()
    expect(page.get_by_role("textbox", name="Nom de naissance")).to_have_value("Martin")

    page.unroute("**/autosave/")
    page.clock.fast_forward(6000)
    expect(page.get_by_text("Enregistré à 14 h 02")).to_be_visible()
    assert seen.saved == ["Martin"]
    console_guard.forget()  # the browser reports the connection that was cut


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (401, "Votre session a pris fin"),
        (403, "cette demande ne peut plus être modifiée"),
        (422, "Ce texte ne peut pas être enregistré"),
        (503, "Le service ne répond pas"),
    ],
)
def test_refused_save_keeps_the_text_and_says_why(page: Page, seen, status, text):
    seen.autosave[:] = [status]
    page.goto("/formulaire/")
    page.get_by_role("textbox", name="Nom de naissance").fill("Martin")
    page.keyboard.press("Tab")

    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()
    expect(page.get_by_role("textbox", name="Nom de naissance")).to_have_value("Martin")


def test_last_words_leave_with_the_page(page: Page, seen):
    page.goto("/formulaire/")
    page.get_by_role("textbox", name="Nom de naissance").fill("Martin")
    page.goto("/accessibilite/")
    for _ in range(50):  # the browser delivers it behind the next page
        if seen.saved:
            break
        page.wait_for_timeout(100)

    assert seen.saved == ["Martin"]


def test_files_leave_as_soon_as_they_are_chosen(page: Page, seen):
    page.goto("/pieces/")
    choose(page, "identite.pdf", "avis.pdf")

    expect(page.locator("[data-ep-file]").filter(has_text="Analyse en cours")).to_have_count(2)
    assert sorted(seen.uploads) == ["avis.pdf", "identite.pdf"]
    expect(page.locator("[data-ep-live]")).to_contain_text("sur 3.")
    expect(page.get_by_label("Avis d’imposition")).to_have_value("")


def test_refused_file_says_why_and_the_others_stay(page: Page, seen):
    seen.upload_answers[:] = [422]
    page.goto("/pieces/")
    choose(page, "chiffre.pdf")
    row = page.locator("[data-ep-file]").filter(has_text="chiffre.pdf")
    expect(row).to_contain_text("Ce fichier est protégé par un mot de passe.")
    expect(row.get_by_role("button", name="Réessayer")).to_be_hidden()
    choose(page, "clair.pdf")

    expect(page.locator("[data-ep-file]").filter(has_text="clair.pdf")).to_contain_text("Analyse en cours")
    expect(page.get_by_role("link", name="ancien.pdf")).to_be_visible()
    expect(row).to_be_visible()


def test_failed_file_is_sent_again(page: Page, seen):
    seen.upload_answers[:] = [503]
    page.goto("/pieces/")
    choose(page, "identite.pdf")
    row = page.locator("[data-ep-file]").filter(has_text="identite.pdf")
    row.get_by_role("button", name="Réessayer identite.pdf").click()

    expect(row).to_contain_text("Analyse en cours")
    assert seen.uploads == ["identite.pdf"]
    first, second = (uuid.UUID(key) for key in seen.keys)
    assert first == second
    assert first.version == 4


@pytest.mark.parametrize(
    ("state", "text"), [("SAINE", "Fichier vérifié"), ("REFUSEE", "Le fichier contient un virus.")]
)
def test_row_tells_what_the_analysis_found(page: Page, seen, state, text):
    seen.states[:] = ["EN_ANALYSE", state]
    page.goto("/pieces/")
    choose(page, "identite.pdf")
    row = page.locator("[data-ep-file]").filter(has_text="identite.pdf")

    expect(row).to_contain_text(text, timeout=10_000)
    expect(row.get_by_role("link")).to_have_count(1 if state == "SAINE" else 0)
    expect(page.locator("[data-ep-live]")).to_contain_text(text)


def test_more_files_than_allowed_are_refused_one_by_one(page: Page, seen):
    page.goto("/pieces/")
    choose(page, "a.pdf", "b.pdf", "c.pdf")

    expect(page.locator("[data-ep-file]").filter(has_text="c.pdf")).to_contain_text(
        "Le nombre maximal de fichiers (3) est atteint."
    )
    expect(page.locator("[data-ep-file]").filter(has_text="Analyse en cours")).to_have_count(2)


def test_removed_files_leave_the_list_and_the_focus_stays_in_it(page: Page, seen):
    page.goto("/pieces/")
    choose(page, "identite.pdf")
    expect(page.locator("[data-ep-file]").filter(has_text="Analyse en cours")).to_have_count(1)
    page.get_by_role("button", name="Retirer ancien.pdf").click()

    expect(page.get_by_text("ancien.pdf", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Retirer identite.pdf")).to_be_focused()
    page.get_by_role("button", name="Retirer identite.pdf").click()
    expect(page.locator("[data-ep-file]")).to_have_count(0)
    expect(page.get_by_label("Avis d’imposition")).to_be_focused()
    assert seen.removed == 2


def test_files_are_posted_with_their_form_without_javascript(new_context, seen):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/pieces/")
    choose(page, "a.pdf", "b.pdf")
    page.get_by_role("button", name="Continuer").click()

    expect(page.get_by_role("heading", name="Les pièces")).to_be_visible()
    assert seen.uploads == ["a.pdf", "b.pdf"]


def test_password_rules_tick_off_while_typing(page: Page, seen):
    page.goto("/mot-de-passe/")
    rules = page.locator(".ep-rules li")
    expect(rules.nth(0)).to_contain_text("à respecter")
    page.get_by_label("Nouveau mot de passe").fill("Cerisier-Lanterne-47-Orage")
    page.get_by_label("Le même mot de passe").fill("Cerisier-Lanterne-47-Orage")

    for index in range(3):
        expect(rules.nth(index)).to_contain_text(": respecté")
    page.get_by_label("Nouveau mot de passe").fill("fournier")
    for index in range(3):
        expect(rules.nth(index)).to_contain_text("à respecter")
    expect(page.locator("[data-ep-live]")).to_contain_text("0 règle sur 3 respectée")


def test_password_can_be_seen_and_is_hidden_again_when_sent(page: Page, seen):
    page.goto("/mot-de-passe/")
    field = page.get_by_label("Nouveau mot de passe")
    field.fill("secret")
    page.get_by_role("button", name="Afficher le mot de passe").first.click()
    expect(field).to_have_attribute("type", "text")

    types = page.evaluate(
        """() => { const form = document.querySelector("form[novalidate]");
          form.addEventListener("submit", (event) => event.preventDefault(), { capture: true });
          form.requestSubmit(); return document.getElementById("id_nouveau").type; }"""
    )
    assert types == "password"
