"""The caisse's screens in Chromium: played, looked at by axe in light, dark and at 320 px, with their errors."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from signalements.enums import Statut
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.signing_in import sign_in_browser
from tests.signalements.caisse.conftest import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def caisse(live_server) -> World:
    with transaction.atomic():
        return build_world()


def url(demande, page=""):
    return f"/espace-caisse/demandes/{demande.reference}/{page}"


def test_a_conseiller_works_a_demande_from_the_queue_to_its_outcome(caisse, page: Page, console_guard):
    console_guard.watch(page.context)
    with transaction.atomic():
        demande = caisse.demande()
        caisse.piece(demande)
        caisse.message(demande)
        sign_in_browser(page.context, caisse.conseiller.user)
    page.goto("/espace-caisse/")
    page.get_by_role("link", name="Messages non lus").click()
    assert_axe_clean(page)
    page.get_by_role("link", name=demande.reference).click()
    expect(page).to_have_title(re.compile(demande.reference))
    expect(page.get_by_role("img", name=re.compile("Page 1 sur 1"))).to_be_visible()
    assert_axe_clean(page)
    page.get_by_role("button", name="Prendre en charge").click()
    expect(page.get_by_text("Vous avez pris cette demande en charge.")).to_be_visible()

    page.get_by_text("Noter un contact").click()
    page.get_by_label("Canal").select_option(label="Téléphone")
    page.get_by_role("button", name="Noter le contact").click()
    expect(page.get_by_role("alert")).to_contain_text("Résultat")
    assert_axe_clean(page)
    page.get_by_label("Résultat").select_option(label="Pas de réponse")
    page.get_by_role("button", name="Noter le contact").click()
    expect(page.get_by_text("Tentative 1 sur 3")).to_be_visible()

    page.get_by_role("link", name="Demander un complément").click()
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.get_by_role("alert")).to_contain_text("Cochez au moins une pièce")
    assert_axe_clean(page)
    expect(page.get_by_text("Préciser pour Justificatif")).to_be_hidden()
    page.get_by_role("checkbox", name="Justificatif de domicile").check()
    expect(page.get_by_text("Préciser pour Justificatif")).to_be_visible()
    page.get_by_role("button", name="Voir l’aperçu").click()
    expect(page.locator("#apercu")).to_contain_text("Justificatif de domicile")
    expect(page.locator("#apercu [data-ep-focus]")).to_be_focused()
    assert_axe_clean(page)
    page.get_by_role("button", name="Demander le complément").click()
    expect(page.get_by_text("Délai suspendu")).to_be_visible()
    assert_axe_clean(page)

    page.goto(url(demande, "decision/"))
    expect(page.get_by_text("Un complément est en attente.")).to_be_visible()
    assert_axe_clean(page)
    page.get_by_role("button", name="Retirer la demande de complément").click()
    page.get_by_role("link", name="Rendre la décision").click()
    page.get_by_role("radio", name="Non recevable").check()
    page.get_by_label("Commentaire pour la structure").fill("Voir la demande de mars.")
    page.get_by_role("button", name="Rendre la décision").click()
    expect(page.get_by_role("alert")).to_contain_text("Choisissez un motif")
    assert_axe_clean(page)
    page.get_by_label("Motif, si l’issue est «\u00a0Non recevable\u00a0»").select_option(
        label="Démarche déjà en cours"
    )
    page.get_by_role("button", name="Rendre la décision").click()
    expect(page.get_by_text("Traitée – Non recevable")).to_be_visible()
    page.get_by_role("link", name="Rouvrir la demande").click()


def test_a_superviseur_looks_at_the_load_and_reassigns(caisse, page: Page, console_guard):
    console_guard.watch(page.context)
    with transaction.atomic():
        demande = caisse.demande(Statut.EN_COURS, assignee_a=caisse.agent.user)
        sign_in_browser(page.context, caisse.superviseur.user)
    page.goto("/espace-caisse/pilotage/")
    page.get_by_role("link", name=caisse.agent.user.get_full_name()).click()
    page.get_by_role("button", name="Attribuer à cette personne").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_axe_clean(page)
    page.get_by_role("checkbox", name=f"Sélectionner la demande {demande.reference}").check()
    page.get_by_label("Attribuer à").select_option(label=caisse.conseiller.user.get_full_name())
    page.get_by_role("button", name="Attribuer à cette personne").click()
    expect(page.get_by_text("La demande est attribuée.")).to_be_visible()


def test_a_search_shows_its_results_and_its_error(caisse, page: Page, console_guard):
    console_guard.watch(page.context)
    with transaction.atomic():
        demande = caisse.demande(personne={"nom_naissance": "Beaumont", "prenom": "Alix"})
        sign_in_browser(page.context, caisse.agent.user)
    page.goto("/espace-caisse/file/")
    page.get_by_label("Rechercher une demande").fill("alix beau")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_role("link", name=demande.reference)).to_be_visible()
    assert "beau" not in page.url
    assert_axe_clean(page)
    page.get_by_label("Rechercher une demande").fill("x")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.get_by_role("alert")).to_contain_text("au moins deux lettres")
    assert_axe_clean(page)


def test_without_javascript_the_work_goes_on(caisse, browser: Browser, browser_context_args):
    with transaction.atomic():
        demande = caisse.demande()
        caisse.piece(demande)
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    with transaction.atomic():
        sign_in_browser(context, caisse.agent.user)
    page = context.new_page()
    page.goto(url(demande))
    page.get_by_role("button", name="Prendre en charge").click()
    page.locator("#note-texte, #id_note-texte").first.fill("Note sans script.")
    page.get_by_role("button", name="Ajouter une note interne").click()
    expect(page.get_by_text("Note sans script.")).to_be_visible()
    page.get_by_role("link", name="Rendre la décision").click()
    page.get_by_role("radio", name="Droits ouverts").check()
    page.get_by_role("button", name="Rendre la décision").click()
    expect(page.get_by_text("Traitée – Droits ouverts")).to_be_visible()
    context.close()


def test_filters_fold_on_a_phone_only_and_the_person_comes_first(page, caisse, live_server):
    with transaction.atomic():
        demande = caisse.demande(Statut.EN_COURS)
        sign_in_browser(page.context, caisse.conseiller.user)
    page.goto("/espace-caisse/file/")
    expect(page.get_by_label("Structure")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 640})
    expect(page.get_by_label("Structure")).to_be_hidden()
    page.get_by_text("Filtres", exact=True).click()
    page.get_by_label("Attribuée à").select_option(label="Moi")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_label("Attribuée à")).to_be_visible()

    page.goto(url(demande, ""))
    pieces = page.get_by_role("heading", name="Pièces")
    assert top(page.get_by_text("date de naissance\u00a0:")) < top(pieces)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert left(pieces) < left(page.get_by_role("heading", name="La personne accompagnée"))


def top(element):
    return element.bounding_box()["y"]


def left(element):
    return element.bounding_box()["x"]


def test_ticking_says_how_many_and_keys_move_only_outside_fields(caisse, page: Page, console_guard):
    console_guard.watch(page.context)
    with transaction.atomic():
        demandes = [caisse.demande(), caisse.demande()]
        caisse.agent.user.raccourcis = True
        caisse.agent.user.save()
        sign_in_browser(page.context, caisse.agent.user)
    page.goto("/espace-caisse/file/")
    page.get_by_role("checkbox", name=f"Sélectionner la demande {demandes[0].reference}").check()
    expect(page.get_by_text("1 demande sélectionnée sur cette page")).to_be_visible()
    page.get_by_role("checkbox", name="Sélectionner toutes les demandes de cette page").check()
    expect(page.get_by_text("2 demandes sélectionnées sur cette page")).to_be_visible()
    page.get_by_role("checkbox", name="Sélectionner les 2 résultats").check()
    expect(page.get_by_text("Tous les 2 résultats")).to_be_visible()
    assert_axe_clean(page)
    page.get_by_label("Rechercher une demande").press("d")
    expect(page.get_by_label("Rechercher une demande")).to_have_value("d")
    page.locator("h1").click()
    page.keyboard.press("d")
    expect(page.get_by_role("link", name="Revenir à la liste")).to_be_visible()
    first = page.url
    page.keyboard.press("s")
    page.wait_for_url(lambda address: address != first and "/demandes/" in address)
    page.keyboard.press("l")
    expect(page).to_have_title(re.compile("Demandes reçues"))
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Raccourcis clavier")).to_be_visible()
