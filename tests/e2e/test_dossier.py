"""A CSS file from its first screen to its decision, given back once for incompleteness, in the browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from portal import clock
from signalements.kinds.dossier.models import Periode
from signalements.models import Demande
from tests.documents.conftest import pdf_bytes
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.stories import Deux, agree, fill_date, fill_person, send, signed_in, wait_for_analysis

pytestmark = [pytest.mark.django_db(transaction=True)]


def join(page: Page, name: str, place: str) -> None:
    """Add a PDF at a place of the page."""
    page.locator(place).set_input_files({"name": name, "mimeType": "application/pdf", "buffer": pdf_bytes()})
    expect(page.get_by_text(name).first).to_be_visible()


def test_a_dossier_is_given_back_completed_and_decided(
    live_server: Any, worker: Any, new_context: Any, deux: Deux
) -> None:
    # The technicien puts the file together.
    tech = signed_in(new_context, deux.technicien)
    tech.goto("/espace-partenaire/demandes/nouvelle/dossier/251/")
    tech.get_by_role("button", name="Commencer").click()
    fill_person(tech)
    tech.get_by_role("button", name="Continuer").click()
    exception = tech.get_by_label(re.compile("Exception au dépôt"))
    tech.get_by_label(re.compile("Aide médicale")).check()
    expect(exception).to_be_hidden()
    tech.get_by_label("Première demande").check()
    expect(exception).to_be_visible()
    tech.get_by_label(re.compile("Complémentaire santé solidaire")).check()
    tech.get_by_label(re.compile("Adresse ou domiciliation")).fill("CCAS, 1 place de la Mairie")
    tech.get_by_label(re.compile("J’ai aidé la personne")).check()
    agree(tech)
    tech.get_by_role("button", name="Continuer").click()
    expect(tech.get_by_role("heading", level=1)).to_contain_text("foyer")
    tech.get_by_role("button", name="Continuer").click()
    join(tech, "formulaire.pdf", "#type-FORMULAIRE_CSS")
    join(tech, "avis.pdf", "#type-AVIS_FISCAL")
    wait_for_analysis(2)
    tech.get_by_label(re.compile("formulaire", re.IGNORECASE)).get_by_role("checkbox").or_(
        tech.get_by_role("checkbox", name=re.compile("toutes ses pages|formulaire", re.IGNORECASE))
    ).first.check()
    assert_axe_clean(tech)
    reference = send(tech)

    # The agent checks the pièces, and gives the file back.
    agent = signed_in(new_context, deux.agent)
    agent.goto(f"/espace-caisse/demandes/{reference}/")
    expect(agent.get_by_text("Pièces\u00a0: 2 sur 2")).to_be_visible()
    agent.get_by_role("button", name="Prendre en charge").click()
    agent.get_by_label(re.compile("Contrôle\u00a0: Avis")).select_option(label="Illisible")
    agent.get_by_role("button", name=re.compile("contrôle", re.IGNORECASE)).first.click()
    assert_axe_clean(agent)
    agent.get_by_role("link", name="Retourner pour incomplétude").click()
    agent.get_by_role("button", name="Retourner le dossier").last.click()
    with transaction.atomic():
        assert Demande.objects.get(reference=reference).statut == "A_COMPLETER"

    # The structure completes it: a new period opens.
    tech.goto(f"/espace-partenaire/demandes/{reference}/")
    join(tech, "avis-lisible.pdf", "#complement input[type=file]")
    wait_for_analysis(3)
    tech.get_by_role("button", name=re.compile("Compléter")).last.click()
    with transaction.atomic():
        assert Demande.objects.get(reference=reference).statut == "COMPLETEE"
        assert Periode.objects.filter(demande__reference=reference).count() == 2

    # The decision, with its dates.
    today = clock.today()
    agent.goto(f"/espace-caisse/demandes/{reference}/decision/")
    agent.get_by_role("radio", name="Accord").check()
    fill_date(agent, "Date de la décision", today)
    fill_date(agent, "Date d’effet", today)
    end = today + timedelta(days=364)
    fill_date(agent, "Date de fin", end)
    agent.get_by_label("Sans participation").check()
    assert_axe_clean(agent)
    agent.get_by_role("button", name="Rendre la décision").click()
    expect(agent.get_by_text("La décision est rendue").first).to_be_visible()
    tech.goto(f"/espace-partenaire/demandes/{reference}/")
    expect(tech.get_by_text(re.compile("Traitée – Accord")).first).to_be_visible()
    expect(tech.get_by_text("La décision sur le dossier")).to_be_visible()
    assert_axe_clean(tech)
