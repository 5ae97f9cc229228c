"""The gestionnaire's screens in Chromium: accessible in light, dark and narrow, quiet on the console."""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.enums import Profil
from tests import factories as f
from tests.fixtures.browser import assert_axe_clean, shoot
from tests.fixtures.new_account import fill_new_technicien
from tests.fixtures.signing_in import sign_in_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def people(context: Any, live_server: Any, console_guard: Any) -> dict[str, Any]:
    console_guard.watch(context)
    with transaction.atomic():
        doubs = f.caisse("251", nom="CPAM du Doubs", support_nom="Accueil partenaires")
        valbrume = f.partenaire(doubs, raison_sociale="CCAS de Valbrume")
        f.convention(valbrume, doubs)
        gest = f.utilisateur(Profil.GESTIONNAIRE, valbrume)
        tech = f.utilisateur(Profil.TECHNICIEN, valbrume, nom="Fictive", telephone="+33381000000")
        f.utilisateur(Profil.TECHNICIEN, valbrume, nom="Inventée", active_le=None)
        sign_in_browser(context, gest)
    return {"gest": gest, "tech": tech}


def test_a_technicien_is_created_corrected_and_inactivated(page, people):
    page.goto(reverse("accounts:technicien_creer"))
    page.get_by_role("button", name="Créer le compte").click()
    page.get_by_role("alert").wait_for()
    assert page.title().startswith("Erreur")
    shoot(page, "technicien_creer_erreur")
    assert_axe_clean(page)
    fill_new_technicien(page, "Nouvellefictive")
    page.get_by_text("son identifiant est zoe.nouvellefictive").wait_for()
    shoot(page, "technicien_cree")
    page.get_by_role("link", name="Inactiver le compte").click()
    page.get_by_label("Départ de la structure").check()
    page.get_by_role("button", name="Inactiver le compte").click()
    page.get_by_text("Le compte est inactif. Ses sessions sont fermées.").wait_for()
    shoot(page, "technicien_inactif")
    assert_axe_clean(page)
