"""A gestionnaire opens an account; its holder comes in with the link of the mail, alone, and works."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.enums import Profil
from accounts.links import activation_link
from accounts.models import Utilisateur
from caisses.models import Caisse
from portal.courriels.models import Courriel
from tests import factories as f
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.first_sign_in import choose_password, first_sign_in, path_of
from tests.fixtures.new_account import fill_new_technicien
from tests.fixtures.signing_in import sign_in_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def gestionnaire() -> Utilisateur:
    with transaction.atomic():
        call_command("load_reference", verbosity=0)
        doubs = Caisse.objects.get(code="251")
        Caisse.objects.filter(pk=doubs.pk).update(active=True)
        valbrume = f.partenaire(doubs, raison_sociale="CCAS de Valbrume")
        f.convention(valbrume, Caisse.objects.get(code="251"))
        return f.utilisateur(Profil.GESTIONNAIRE, valbrume)


def test_an_account_is_opened_activated_and_used(
    live_server: Any, new_context: Any, gestionnaire: Utilisateur
) -> None:
    context = new_context()
    with transaction.atomic():
        sign_in_browser(context, gestionnaire)
    create(context.new_page())
    with transaction.atomic():
        account = Utilisateur.objects.get(identifiant="zoe.fictive")
        mail = Courriel.objects.get(destinataire=account)
        link = activation_link(mail)
    assert account.active_le is None

    holder = new_context().new_page()
    holder.goto(path_of(link))
    assert_axe_clean(holder)
    choose_password(holder, link)
    first_sign_in(holder, "zoe.fictive")
    expect(holder.get_by_role("heading", level=1)).to_have_text("Bonjour Zoé")
    expect(holder.get_by_text("CPAM du Doubs").first).to_be_visible()

    again = new_context().new_page()
    again.goto(path_of(link))
    expect(again.get_by_text(re.compile("n.est plus valable")).first).to_be_visible()


def create(page: Page) -> None:
    """The gestionnaire fills the form and gives the three attestations."""
    page.goto("/espace-partenaire/comptes/techniciens/nouveau/")
    fill_new_technicien(page, "Fictive")
    page.get_by_text("son identifiant est zoe.fictive").wait_for()
