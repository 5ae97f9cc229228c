"""The technicien's way in a browser: from the home to the bordereau, and to a completed demande."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.enums import Profil
from caisses.models import TypePiece
from portal import clock
from signalements.enums import Statut
from signalements.models import Brouillon, Complement, Demande, ElementComplement
from signalements.operations.door import change_status
from tests import factories as f
from tests.documents.conftest import pdf_bytes
from tests.fixtures.browser import assert_axe_clean, shoot
from tests.fixtures.signing_in import sign_in_browser
from tests.signalements.partner.conftest import draft, url

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("console_guard"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(page: Page, context, console_guard, monde) -> Page:
    """A page signed in as the technicien, watched."""
    console_guard.watch(context)
    with transaction.atomic():
        sign_in_browser(context, monde.technicien)
    return page


def checked(page: Page, name: str) -> None:
    """Accessible in light, dark and at 320 px; its picture is kept when somebody wants to look."""
    assert_axe_clean(page)
    shoot(page, name)


def type_person(page: Page) -> None:
    page.get_by_role("radio", name="Mme").check()
    page.get_by_label("Nom de naissance").fill("Fictive")
    page.get_by_label("Prénom").fill("Jeanne")
    page.get_by_role("textbox", name="Jour").fill("12")
    page.get_by_role("textbox", name="Mois").fill("3")
    page.get_by_role("textbox", name="Année").fill("1984")
    page.get_by_label("Département de résidence").select_option("25")


def type_situation(page: Page) -> None:
    page.get_by_label("Droits_Base").check()
    page.get_by_role("radio", name="Par téléphone", exact=True).first.check()
    page.get_by_label("Téléphone de la personne").fill("06 39 98 12 34")
    page.get_by_label("La personne est informée").check()
    page.get_by_label("La personne est d’accord").check()
    page.get_by_role("radio", name="En présence").check()


def test_a_demande_from_the_home_to_the_bordereau(page: Page, monde):
    page.goto("/")
    checked(page, "accueil")
    page.get_by_role("link", name="Signaler une difficulté").click()
    checked(page, "avant")
    page.get_by_role("button", name="Commencer").click()

    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Erreur"))
    checked(page, "personne-erreur")
    type_person(page)
    expect(page.get_by_text(re.compile("Enregistré à"))).to_be_visible()
    checked(page, "personne")
    page.get_by_role("button", name="Continuer").click()

    expect(page.get_by_role("heading", name="La situation")).to_be_visible()
    type_situation(page)
    checked(page, "situation")
    page.get_by_role("button", name="Continuer").click()

    expect(page.get_by_role("heading", name="Les pièces")).to_be_visible()
    page.get_by_label("Ajouter\u00a0: Pièce d'identité").set_input_files(
        {"name": "identite.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    )
    expect(page.get_by_text("Analyse en cours")).to_be_visible()
    checked(page, "pieces")
    page.get_by_role("button", name="Vérifier ma demande").click()

    expect(page.get_by_text("Jeanne").first).to_be_visible()
    checked(page, "verification")
    page.get_by_role("button", name="Envoyer la demande à la caisse").dblclick()

    expect(page.get_by_role("heading", name="Demande envoyée")).to_be_visible()
    checked(page, "confirmation")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger le bordereau").click()
    assert download.value.suggested_filename.startswith("bordereau-EP-251-")
    with transaction.atomic():
        assert list(Demande.objects.values_list("statut", flat=True)) == [Statut.ENVOYEE]
    page.get_by_role("link", name="Ouvrir la demande").click()
    checked(page, "demande")
    page.get_by_role("link", name="Demandes de ma structure").first.click()
    checked(page, "demandes")


def test_what_depends_on_an_answer_shows_once_it_is_given(page: Page, monde):
    with transaction.atomic():
        demande = draft(monde, situation={})
    page.goto(url("etape", demande, "situation"))
    care, why = page.get_by_role("group", name="Soins concernés"), page.get_by_label("Pourquoi est-ce urgent")
    limit = page.get_by_role("group", name="Date limite connue")
    for part in (care, why, limit):
        expect(part).to_be_hidden()
    page.get_by_label("Renoncement_Soins").check()
    expect(care).to_be_visible()
    page.get_by_label("La situation est urgente").check()
    expect(why).to_be_visible()
    expect(limit).to_be_visible()
    page.get_by_label("La situation est urgente").uncheck()
    expect(why).to_be_hidden()
    page.get_by_label("La situation est urgente").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("link", name="Choisissez le motif de l’urgence.")).to_be_visible()
    expect(why).to_be_visible()


def test_a_pieces_row_opens_when_it_holds_a_file(page: Page, monde):
    with transaction.atomic():
        demande = draft(monde)
    page.goto(url("etape", demande, "pieces"))
    field = page.get_by_label("Ajouter\u00a0: Pièce d'identité")
    expect(field).to_be_hidden()
    page.get_by_role("heading", name="Pièce d'identité").click()
    expect(field).to_be_visible()
    field.set_input_files({"name": "identite.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()})
    expect(page.get_by_text("Analyse en cours")).to_be_visible()
    page.reload()
    expect(page.get_by_text("identite.pdf").first).to_be_visible()


def test_a_file_chosen_before_the_script_is_there_is_sent_too(page: Page, monde):
    with transaction.atomic():
        demande = draft(monde)
    held = []
    page.route("**/js/upload*.js", lambda route: held.append(route))
    page.goto(url("etape", demande, "pieces"), wait_until="commit")
    page.get_by_label("Ajouter\u00a0: Pièce d'identité").set_input_files(
        {"name": "identite.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    )
    held[0].continue_()
    expect(page.get_by_text("Analyse en cours")).to_be_visible()


def test_the_draft_survives_a_closed_browser(page: Page, monde, new_context):
    with transaction.atomic():
        demande = draft(monde, personne={}, situation={})
    page.goto(url("etape", demande, "personne"))
    page.get_by_label("Nom de naissance").fill("Fictive")
    page.get_by_label("Prénom").fill("Jeanne")
    expect(page.get_by_text(re.compile("Enregistré à"))).to_be_visible()
    page.close()

    other = new_context()
    with transaction.atomic():
        assert Brouillon.objects.get().donnees["personne"]["prenom"] == ["Jeanne"]
        sign_in_browser(other, monde.autre_technicien)
    again = other.new_page()
    again.goto(url("reprendre", demande))
    expect(again.get_by_label("Prénom")).to_have_value("Jeanne")


def test_a_likely_duplicate_is_said_while_typing(page: Page, monde):
    with transaction.atomic():
        f.demande(monde.convention, monde.autre_technicien, statut=Statut.EN_COURS)
        demande = draft(monde, personne={}, situation={})
    page.goto(url("etape", demande, "personne"))
    type_person(page)
    expect(page.get_by_role("heading", name="Une demande est peut-être déjà en cours")).to_be_visible()
    checked(page, "doublon")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("indiquez pourquoi vous en faites une nouvelle")
    page.get_by_role("radio", name="La situation a changé depuis").check()
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("heading", name="La situation")).to_be_visible()


def test_a_nir_is_caught_in_the_situation(page: Page, monde):
    with transaction.atomic():
        demande = draft(monde)
    page.goto(url("etape", demande, "situation"))
    page.get_by_label("Description factuelle").fill("2 95 10 99 126 111 93")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Description factuelle")).to_have_value("2 95 10 99 126 111 93")
    checked(page, "situation-nir")


def asked(monde):
    """A demande whose complément asks for a pièce and an information."""
    with transaction.atomic():
        demande = f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS)
        agent = f.membership(Profil.AGENT, monde.doubs)
        change_status(demande, Statut.A_COMPLETER, actor=agent)
        tenant = {"demande": demande, "caisse": monde.doubs, "partenaire": monde.valbrume}
        row = Complement.objects.create(
            **tenant, message="Il manque deux choses.", demande_le=clock.now(), demande_par=agent.user
        )
        kind = TypePiece.objects.get(code="identite")
        items = {"complement": row, **tenant}
        ElementComplement.objects.create(**items, type_piece=kind, libelle="Pièce d'identité")
        ElementComplement.objects.create(**items, libelle="Adresse actuelle")
    return demande


def test_a_complement_is_answered_item_by_item(page: Page, monde):
    demande = asked(monde)
    page.goto("/")
    page.get_by_role("link", name=re.compile("Compléter la demande")).click()
    checked(page, "complement")
    page.get_by_role("button", name="Compléter la demande").click()
    expect(page.get_by_role("alert")).to_contain_text("Ajoutez un fichier")
    checked(page, "complement-erreur")
    page.get_by_label("Ajouter le fichier").set_input_files(
        {"name": "identite.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    )
    expect(page.get_by_text("Analyse en cours").first).to_be_visible()
    page.get_by_role("textbox", name="Votre réponse").fill("12 rue Fictive")
    page.get_by_role("button", name="Compléter la demande").click()
    expect(page.get_by_text("La demande est complétée.")).to_be_visible()
    with transaction.atomic():
        demande.refresh_from_db()
    assert demande.statut == Statut.COMPLETEE
    checked(page, "demande-completee")


def test_a_demande_is_cancelled_with_a_reason(page: Page, monde):
    with transaction.atomic():
        demande = f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS)
        brouillon = draft(monde)
    page.goto(url("demande", demande))
    page.get_by_role("link", name="Annuler la demande").click()
    checked(page, "annuler")
    page.get_by_role("radio", name="Demande faite par erreur").check()
    page.get_by_role("button", name="Annuler la demande").click()
    expect(page.get_by_text("est annulée.")).to_be_visible()
    page.goto(url("brouillon_supprimer", brouillon))
    checked(page, "supprimer")
