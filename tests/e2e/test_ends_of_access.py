"""An account from inactivation to deletion, and a security cut: played by those who live them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import expect

from accounts.enums import Profil
from accounts.models import Utilisateur
from caisses.models import Caisse
from portal import clock, sweeps
from portal.calendar import add_months
from portal.courriels.models import Courriel
from signalements.enums import Statut
from tests import factories as f
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.signing_in import sign_in_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LIST = "/espace-partenaire/comptes/techniciens/"


@pytest.fixture
def people() -> dict[str, Any]:
    with transaction.atomic():
        call_command("load_reference", verbosity=0)
        doubs = Caisse.objects.get(code="251")
        Caisse.objects.filter(pk=doubs.pk).update(active=True)
        valbrume = f.partenaire(doubs, raison_sociale="CCAS de Valbrume")
        convention = f.convention(valbrume, doubs)
        leaving = f.utilisateur(Profil.TECHNICIEN, valbrume, prenom="Odile", nom="Departfictif")
        return {
            "leaving": leaving,
            "colleague": f.utilisateur(Profil.TECHNICIEN, valbrume, prenom="Karim", nom="Restefictif"),
            "gest": f.utilisateur(Profil.GESTIONNAIRE, valbrume),
            "admin": f.utilisateur(Profil.ADMIN_CAISSE, doubs),
            "demande": f.demande(convention, leaving, statut=Statut.TRAITEE),
            "open": f.demande(convention, leaving, statut=Statut.EN_COURS),
        }


def page_of(new_context: Any, user: Utilisateur) -> Any:
    context = new_context()
    with transaction.atomic():
        sign_in_browser(context, user)
    return context.new_page()


def months_later(months: int) -> Any:
    now = clock.now()
    day = add_months(now.date(), months)
    return clock.at(now.replace(year=day.year, month=day.month, day=day.day))


def test_an_account_from_inactivation_to_deletion(
    live_server: Any, new_context: Any, people: dict[str, Any]
) -> None:
    technicien = page_of(new_context, people["leaving"])
    technicien.goto("/")
    gest = page_of(new_context, people["gest"])
    gest.goto(LIST)
    gest.get_by_label("Sélectionner le compte de Odile Departfictif").check()
    gest.get_by_role("button", name="Inactiver les comptes cochés").click()
    assert_axe_clean(gest)
    gest.get_by_label("Départ de la structure").check()
    gest.get_by_label(re.compile("À qui passent")).select_option(label="Karim Restefictif")
    gest.get_by_role("button", name="Inactiver les comptes").click()
    expect(gest.get_by_text("Le compte est inactif.")).to_be_visible()
    technicien.reload()
    expect(technicien).to_have_url(re.compile("/connexion/"))

    # Thirty days before or a little less, whatever the month this is played in.
    with months_later(5):
        sweeps.run("comptes_suppression_annoncee")
    with clock.at(clock.now() + timedelta(days=170)):
        sweeps.run("comptes_suppression_annoncee")
        assert sweeps.run("comptes_suppression_annoncee") == 0
    with transaction.atomic():
        told = Courriel.objects.get(evenement="compte_bientot_supprime")
        assert told.adresse == people["leaving"].courriel
    with months_later(6):
        assert sweeps.run("comptes_supprimes") == 1
        assert sweeps.run("comptes_supprimes") == 0
    gest.goto(LIST)
    expect(gest.get_by_text("Restefictif").first).to_be_visible()
    expect(gest.get_by_text("Departfictif")).to_have_count(0)
    colleague = page_of(new_context, people["colleague"])
    colleague.goto(f"/espace-partenaire/demandes/{people['demande'].reference}/")
    expect(colleague.get_by_text("Compte supprimé").first).to_be_visible()
    expect(colleague.get_by_text("Departfictif")).to_have_count(0)
    with transaction.atomic():
        people["open"].refresh_from_db()
        assert people["open"].auteur_id == people["colleague"].pk


def test_a_security_cut(live_server: Any, new_context: Any, people: dict[str, Any]) -> None:
    technicien = page_of(new_context, people["leaving"])
    technicien.goto("/")
    admin = page_of(new_context, people["admin"])
    admin.goto(f"/admin/accounts/comptepartenaire/{people['leaving'].pk}/couper/")
    admin.get_by_label("Vol ou perte des identifiants").check()
    admin.get_by_label(re.compile("Faits")).fill("Ordinateur volé.")
    admin.get_by_role("button", name="Couper l’accès").click()
    expect(admin.get_by_text(re.compile("L’accès est coupé"))).to_be_visible()
    technicien.reload()
    expect(technicien).to_have_url(re.compile("/connexion/"))

    gest = page_of(new_context, people["gest"])
    gest.goto("/espace-partenaire/comptes/avis/")
    assert_axe_clean(gest)
    with gest.expect_download() as notice:
        gest.get_by_role("link", name=re.compile("Télécharger")).click()
    assert notice.value.suggested_filename.startswith("avis-AS-")
    with transaction.atomic():
        assert Courriel.objects.filter(evenement="acces_coupe", destinataire=people["gest"]).exists()

    admin.goto(f"/admin/partners/partenaire/{people['demande'].partenaire_id}/couper/")
    admin.get_by_label("Usage non conforme").check()
    admin.get_by_role("button", name="Couper l’accès de la structure").click()
    expect(admin.get_by_text(re.compile("L’accès est coupé"))).to_be_visible()
    gest.reload()
    expect(gest).to_have_url(re.compile("/connexion/"))
