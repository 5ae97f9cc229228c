"""One of two conventions ends: the caisse sees beforehand what that touches, the structure loses that caisse alone."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from accounts.enums import Profil
from accounts.models import Utilisateur
from caisses.models import Caisse
from partners.models import Convention
from portal import sweeps
from signalements.enums import Statut
from tests import factories as f
from tests.fixtures.administration import admin_url
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.stories import signed_in, welcome

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SWEEPS = ("conventions_terminees", "comptes_sans_convention", "demandes_sans_convention")


@dataclass
class Gens:
    technicien: Utilisateur
    administrateur: Utilisateur
    agent: Utilisateur


@pytest.fixture
def parts(live_server: Any) -> tuple[Gens, Convention, Any, Any]:
    """A structure that works with the Doubs and the Loire, and an open demande with each."""
    with transaction.atomic():
        call_command("load_reference", verbosity=0)
        Caisse.objects.filter(code__in=("251", "422")).update(active=True)
        doubs, loire = Caisse.objects.get(code="251"), Caisse.objects.get(code="422")
        udaf = f.partenaire(doubs, raison_sociale="UDAF fictive")
        ending, staying = f.convention(udaf, doubs), f.convention(udaf, loire)
        gens = Gens(
            f.utilisateur(Profil.TECHNICIEN, udaf),
            f.utilisateur(Profil.ADMIN_CAISSE, doubs),
            f.utilisateur(Profil.AGENT, doubs),
        )
        left = f.demande(ending, gens.technicien, statut=Statut.ENVOYEE)
        kept = f.demande(staying, gens.technicien, statut=Statut.ENVOYEE)
        welcome(gens)
    return gens, ending, left, kept


def test_one_of_two_conventions_ends(parts: Any, new_context: Any) -> None:
    gens, ending, left, kept = parts
    technicien = signed_in(new_context, gens.technicien)
    technicien.goto(reverse("signalements:demandes"))
    for demande in (left, kept):
        expect(technicien.get_by_text(demande.reference).first).to_be_visible()

    admin = signed_in(new_context, gens.administrateur)
    admin.goto(admin_url("partners_convention", "change", ending.pk))
    admin.get_by_role("link", name="Résilier").click()
    expect(admin.get_by_text("ne perdent que celle-ci")).to_be_visible()
    expect(admin.get_by_text("1 demande ouverte reste")).to_be_visible()
    admin.get_by_label("Commun accord des parties").check()
    admin.get_by_label("Raison").fill("La structure ne suit plus personne dans le Doubs.")
    tomorrow = ending.caisse.today() + timedelta(days=1)
    admin.get_by_label("Dernier jour").fill(tomorrow.isoformat())
    admin.get_by_role("button", name="Résilier").click()
    expect(admin.get_by_role("link", name="ne peut pas être à venir")).to_be_visible()
    expect(admin.get_by_label("Raison")).to_have_value("La structure ne suit plus personne dans le Doubs.")
    assert_axe_clean(admin)
    admin.get_by_label("Dernier jour").fill(ending.caisse.today().isoformat())
    admin.get_by_role("button", name="Résilier").click()
    expect(admin.get_by_text("La convention est résiliée.")).to_be_visible()
    for name in SWEEPS:
        sweeps.run(name)

    technicien.reload()
    expect(technicien.get_by_text(kept.reference).first).to_be_visible()
    expect(technicien.get_by_text(left.reference)).to_have_count(0)
    answer = technicien.goto(reverse("signalements:demande", args=[left.reference]))
    assert answer is not None
    assert answer.status == 404

    agent = signed_in(new_context, gens.agent)
    answer = agent.goto(reverse("signalements:traitement", args=[left.reference]))
    assert answer is not None
    assert answer.status == 200
