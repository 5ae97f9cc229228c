"""An appointment travels from a technicien to an agent and back, in a browser."""

import re
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from portal import clock
from signalements.models import Demande
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.stories import agree, fill_person, send, signed_in
from tests.rendez_vous.conftest import build, fixe, jour_ouvre

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_appointment_is_asked_proposed_taken_and_shown(live_server: Any, new_context: Any) -> None:
    with transaction.atomic():
        monde = build()
    tech, agent = (signed_in(new_context, member.user) for member in (monde.technicien, monde.agent))
    day = jour_ouvre(monde.caisse)

    # The technicien says when the person is free; what depends on an answer waits for it.
    tech.goto("/")
    tech.get_by_role("link", name="Demander un rendez-vous").first.click()
    tech.get_by_role("button", name="Commencer").click()
    fill_person(tech)
    tech.get_by_role("button", name="Continuer").click()
    tech.get_by_role("radio", name="Complémentaire santé solidaire").check()
    expect(tech.get_by_label("Agence", exact=True)).to_be_hidden()
    tech.get_by_label("Téléphone de la personne").fill("06 39 98 12 34")
    tech.get_by_role("group", name=re.compile("Quand la personne")).get_by_label("Premier jour").fill(
        day.isoformat()
    )
    agree(tech)
    assert_axe_clean(tech)
    tech.get_by_role("button", name="Continuer").click()
    reference = send(tech)
    with transaction.atomic():
        demande = Demande.objects.get(reference=reference)

    # The agent proposes a date.
    agent.goto(f"/espace-caisse/demandes/{demande.reference}/")
    agent.get_by_role("link", name="Proposer des dates").first.click()
    agent.get_by_label("Date 1").fill(day.isoformat())
    agent.get_by_label("Heure 1").fill("10:30")
    agent.get_by_role("button", name="Proposer ces dates").click()
    expect(agent.get_by_text("Dates proposées", exact=True).first).to_be_visible()

    # The technicien takes it, and the agent reads it in the list of the week.
    tech.goto(f"/espace-partenaire/demandes/{demande.reference}/")
    tech.get_by_role("button", name=re.compile("Accepter cette date")).click()
    expect(tech.get_by_text("Confirmé", exact=True).first).to_be_visible()
    with transaction.atomic():
        assert clock.local_date(fixe(demande).debut) == day
    agent.goto(f"/espace-caisse/rendez-vous/?jour={day.isoformat()}")
    expect(agent.get_by_role("link", name=demande.reference)).to_be_visible()
