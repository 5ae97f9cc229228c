"""The only gestionnaire leaves: the structure names who takes over, the caisse habilitates, the day comes."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from accounts.enums import Profil
from accounts.models import DemandeHabilitation, Utilisateur
from caisses.models import Caisse
from portal import clock, sweeps
from tests import factories as f
from tests.fixtures.administration import admin_url
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.stories import signed_in, welcome

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@dataclass
class Gens:
    gestionnaire: Utilisateur
    technicien: Utilisateur
    administrateur: Utilisateur


@pytest.fixture
def gens(live_server: Any) -> Gens:
    with transaction.atomic():
        call_command("load_reference", verbosity=0)
        Caisse.objects.filter(code="251").update(active=True)
        doubs = Caisse.objects.get(code="251")
        valbrume = f.partenaire(doubs, raison_sociale="CCAS de Valbrume")
        f.convention(valbrume, doubs)
        found = Gens(
            f.utilisateur(Profil.GESTIONNAIRE, valbrume),
            f.utilisateur(Profil.TECHNICIEN, valbrume),
            f.utilisateur(Profil.ADMIN_CAISSE, doubs),
        )
        welcome(found)
    return found


def test_the_only_gestionnaire_leaves_once_a_successor_is_habilitated(gens: Gens, new_context: Any) -> None:
    page = signed_in(new_context, gens.gestionnaire)
    page.goto(reverse("accounts:gestionnaire_depart", args=[gens.gestionnaire.pk]))
    wanted = clock.today() + timedelta(days=10)
    page.get_by_label("Fin de l’accès souhaitée le").fill(wanted.isoformat())
    page.get_by_label("Départ de la structure").check()
    page.get_by_label("Mme").check()
    page.get_by_label("Nom", exact=True).fill("Suivante")
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_role("textbox", name="Fonction").fill("Responsable")
    page.get_by_label("Téléphone").fill("03 81 00 00 00")
    page.get_by_role("textbox", name="Adresse électronique").fill("zoe@ccas.example")
    page.get_by_role("button", name="Envoyer la demande à la caisse").click()
    # Ten days are not fifteen: said beside the field, and nothing typed is lost.
    expect(page.get_by_label("Prénom")).to_have_value("Zoé")
    assert_axe_clean(page)
    wanted = clock.today() + timedelta(days=15)
    page.get_by_label("Fin de l’accès souhaitée le").fill(wanted.isoformat())
    page.get_by_role("button", name="Envoyer la demande à la caisse").click()
    expect(page.get_by_text(re.compile("est transmise à"))).to_be_visible()

    with transaction.atomic():
        depart = DemandeHabilitation.objects.get(nature="INACTIVATION")
        arrivee = depart.successeur
    assert arrivee is not None
    admin = signed_in(new_context, gens.administrateur)
    for demande in (arrivee, depart):
        admin.goto(admin_url("accounts_demandehabilitation", "accepter", demande.pk))
        choice = admin.get_by_label("À la date souhaitée")
        if choice.count():
            choice.check()
        admin.get_by_role("button", name="Accepter").click()
        expect(admin.get_by_text("La demande est acceptée.")).to_be_visible()

    def on(days: int) -> int:
        day = datetime.combine(wanted + timedelta(days=days), time(10), tzinfo=ZoneInfo("Europe/Paris"))
        with clock.at(day):
            return sweeps.run("departs_gestionnaires")

    assert on(-1) == 0
    assert on(0) == 1
    assert on(0) == 0
    with transaction.atomic():
        gens.gestionnaire.refresh_from_db()
        gens.technicien.refresh_from_db()
        successor = Utilisateur.objects.get(nom="Suivante")
    assert not gens.gestionnaire.is_active
    assert gens.technicien.is_active
    assert successor.profil == Profil.GESTIONNAIRE
    page.reload()
    expect(page).to_have_url(re.compile("/connexion/"))
