"""A question and a document request, each from its first screen to its answer, on both sides, in the browser."""

import re
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from signalements.models import Demande
from tests.documents.conftest import pdf_bytes
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.stories import Deux, agree, fill_person, send, signed_in, wait_for_analysis

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_question_goes_to_the_caisse_and_comes_back_answered(
    live_server: Any, new_context: Any, deux: Deux
) -> None:
    tech = signed_in(new_context, deux.technicien)
    tech.goto("/espace-partenaire/demandes/nouvelle/contact/251/")
    expect(tech.get_by_text("Simulateur de droits")).to_be_visible()
    tech.get_by_role("button", name="Commencer").click()
    # What is only asked about somebody shows up with the answer that says so.
    agreement = tech.get_by_label(re.compile("La personne est informée"))
    expect(agreement).to_be_hidden()
    tech.get_by_label("État d’avancement d’une démarche").check()
    tech.get_by_label("Une personne que vous accompagnez").check()
    expect(agreement).to_be_visible()
    tech.get_by_label("Votre message").fill("Où en est la demande déposée en octobre\u00a0?")
    agree(tech)
    assert_axe_clean(tech)
    tech.get_by_role("button", name="Continuer").click()
    fill_person(tech)
    tech.get_by_role("button", name="Continuer").click()
    reference = send(tech)

    agent = signed_in(new_context, deux.agent)
    agent.goto("/espace-caisse/file/")
    agent.get_by_role("link", name=reference).click()
    expect(agent.get_by_text("Où en est la demande déposée en octobre\u00a0?")).to_be_visible()
    agent.get_by_role("link", name="Répondre").click()
    agent.get_by_role("radio", name="Réponse donnée").check()
    agent.get_by_label(re.compile("Commentaire")).fill("La demande est étudiée cette semaine.")
    agent.get_by_role("button", name="Répondre").click()

    tech.goto(f"/espace-partenaire/demandes/{reference}/")
    expect(tech.get_by_text("La demande est étudiée cette semaine.").first).to_be_visible()
    with transaction.atomic():
        assert Demande.objects.get(reference=reference).issue == "REPONDU"


def test_a_document_is_asked_for_prepared_given_and_opened(
    live_server: Any, worker: Any, new_context: Any, deux: Deux
) -> None:
    tech = signed_in(new_context, deux.technicien)
    tech.goto("/espace-partenaire/demandes/nouvelle/document/251/")
    tech.get_by_role("button", name="Commencer").click()
    tech.get_by_label(re.compile("Déclaration de perte")).check()
    tech.get_by_role("button", name="Continuer").click()
    fill_person(tech)
    tech.get_by_role("button", name="Continuer").click()
    # A question that depends on an answer shows up with it.
    complaint = tech.get_by_role("group", name=re.compile("Une plainte a été déposée"))
    expect(complaint).to_be_hidden()
    tech.get_by_label("Carte volée").check()
    complaint.get_by_label("Oui").check()
    tech.get_by_label("Par la structure, sur le portail").check()
    agree(tech)
    assert_axe_clean(tech)
    tech.get_by_role("button", name="Continuer").click()
    reference = send(tech)

    agent = signed_in(new_context, deux.agent)
    agent.goto(f"/espace-caisse/demandes/{reference}/")
    agent.get_by_role("link", name="Préparer le document").click()
    agent.get_by_role("button", name="Produire le document").click()
    agent.get_by_label("Fichier à remettre").set_input_files(
        {"name": "courrier.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    )
    agent.get_by_role("button", name="Ajouter ce fichier").click()
    wait_for_analysis(2)
    agent.reload()
    expect(agent.get_by_role("link", name=re.compile(f"{reference}-vitale"))).to_have_count(2)
    agent.get_by_role("link", name="Rendre la décision").click()
    agent.get_by_role("radio", name="Document transmis").check()
    agent.get_by_role("button", name="Rendre la décision").click()

    tech.goto(f"/espace-partenaire/demandes/{reference}/")
    expect(tech.get_by_text(re.compile("Disponible jusqu’au")).first).to_be_visible()
    assert_axe_clean(tech)
    tech.get_by_role("link", name=re.compile(f"{reference}-vitale")).first.click()
    expect(tech.get_by_role("img", name=re.compile("Page 1 sur 1"))).to_be_visible()
