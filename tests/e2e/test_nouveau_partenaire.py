"""A new partner, from the signature of its convention to its first saisine: the caisse, then people without account."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.enums import Profil
from accounts.links import activation_link, habilitation_link
from accounts.models import Utilisateur
from caisses.enums import Fonction
from caisses.models import Caisse
from partners.enums import EtatConvention, NatureConvention, Partie
from partners.models import Convention, Referent, Signataire
from portal import clock
from portal.courriels.models import Courriel
from signalements.models import Demande
from tests import factories as f
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.first_sign_in import choose_password, first_sign_in, path_of
from tests.fixtures.new_account import fill_new_technicien
from tests.fixtures.stories import agree, fill_person, send, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def administrateur() -> Utilisateur:
    """The administrator of a caisse, with a convention d'utilisation ready to be sent round for signature."""
    with transaction.atomic():
        call_command("load_reference", verbosity=0)
        Caisse.objects.filter(code="251").update(active=True)
        doubs = Caisse.objects.get(code="251")
        structure = f.partenaire(doubs, siret="26421029500020")
        metier = Convention.objects.create(
            reference="M-NEUVE",
            nature=NatureConvention.METIER,
            caisse=doubs,
            partenaire=structure,
            etat=EtatConvention.ACTIVE,
            date_effet=clock.today(),
        )
        utilisation = Convention.objects.create(
            reference="U-NEUVE",
            nature=NatureConvention.UTILISATION,
            caisse=doubs,
            partenaire=structure,
            adossee_a=metier,
            fonctions=[Fonction.SAISINE],
        )
        for partie in (Partie.CAISSE, Partie.PARTENAIRE):
            Signataire.objects.create(
                convention=utilisation, partie=partie, nom="Fictif", qualite="Direction"
            )
            Referent.objects.create(
                convention=utilisation, partie=partie, nom="Fictif", courriel="r@x.example"
            )
        return f.utilisateur(Profil.ADMIN_CAISSE, doubs)


def test_a_new_partner_goes_from_signature_to_its_first_saisine(
    live_server: Any, new_context: Any, administrateur: Utilisateur
) -> None:
    # 1. The last party signs: the convention is in force.
    admin = signed_in(new_context, administrateur)
    sign(admin)

    # 2. Somebody of the structure asks for a gestionnaire, without an account, and confirms the address.
    asker = new_context().new_page()
    ask(asker)
    asker.goto(path_of(last_link("habilitation_a_confirmer", habilitation_link)))
    expect(asker.get_by_role("heading", level=1)).to_have_text("Confirmer la demande d’habilitation")
    assert_axe_clean(asker)
    asker.get_by_role("button", name="Confirmer la demande").click()
    expect(asker.get_by_text("La caisse étudie votre demande")).to_be_visible()
    assert_axe_clean(asker)

    # 3. The caisse finds it in its queue and accepts.
    admin.goto("/admin/")
    admin.get_by_role("link", name=re.compile("Nouveau gestionnaire")).click()
    assert_axe_clean(admin)
    admin.get_by_role("link", name="Accepter").click()
    assert_axe_clean(admin)
    admin.get_by_role("button", name="Accepter").click()
    expect(admin.get_by_text("La demande est acceptée.")).to_be_visible()

    # 4. The gestionnaire activates the account and opens that of a technicien.
    gestionnaire = new_context().new_page()
    choose_password(gestionnaire, last_link("compte_activation", activation_link))
    first_sign_in(gestionnaire, "camille.nouvelle")
    gestionnaire.goto("/espace-partenaire/comptes/techniciens/nouveau/")
    fill_new_technicien(gestionnaire, "Fictive")
    gestionnaire.get_by_text("son identifiant est zoe.fictive").wait_for()

    # 5. The technicien sends the first saisine of the structure.
    technicien = new_context().new_page()
    choose_password(technicien, last_link("compte_activation", activation_link))
    first_sign_in(technicien, "zoe.fictive")
    technicien.get_by_role("link", name=re.compile("Signaler")).first.click()
    technicien.get_by_role("button", name="Commencer").click()
    fill_person(technicien)
    technicien.get_by_role("button", name="Continuer").click()
    technicien.get_by_role("group", name=re.compile("Difficultés")).get_by_role("checkbox").first.check()
    technicien.get_by_role("group", name=re.compile("préfère")).get_by_label("Par téléphone").check()
    technicien.get_by_label("Téléphone de la personne").fill("06 39 98 12 34")
    agree(technicien)
    technicien.get_by_role("button", name="Continuer").click()
    reference = send(technicien)
    with transaction.atomic():
        assert Demande.objects.get(reference=reference).partenaire.siret == "26421029500020"


def last_link(kind: str, builder: Any) -> str:
    """The link the last mail of this kind carries."""
    with transaction.atomic():
        return str(builder(Courriel.objects.filter(evenement=kind).latest("pk")))


def sign(page: Page) -> None:
    """The administrator sends the convention round and records both signatures."""
    with transaction.atomic():
        pk = Convention.objects.get(reference="U-NEUVE").pk
    page.goto(f"/admin/partners/convention/{pk}/envoyer-en-signature/")
    page.locator("main, #content").first.locator("input[type=submit]").click()
    for _ in range(2):
        page.goto(f"/admin/partners/convention/{pk}/signer/")
        page.get_by_role("radio").first.check()
        page.get_by_label("Signée le").fill(clock.today().isoformat())
        page.locator(".ep-act input[type=submit]").click()
    with transaction.atomic():
        assert Convention.objects.get(pk=pk).etat == EtatConvention.ACTIVE


def ask(page: Page) -> None:
    """The public form, reached from the sign-in page."""
    page.goto("/connexion/")
    page.get_by_role("link", name="Demander l’habilitation d’un gestionnaire").click()
    page.get_by_label("SIRET").fill("264 210 295 00020")
    page.get_by_label("Référence de la convention").fill("u-neuve")
    page.get_by_label("Mme").check()
    page.get_by_label("Nom", exact=True).fill("Nouvelle")
    page.get_by_label("Prénom").fill("Camille")
    page.get_by_label("Fonction").fill("Directrice")
    page.get_by_label("Téléphone").fill("03 81 00 00 00")
    page.get_by_role("textbox", name="Adresse électronique").fill("camille@ccas.example")
    page.get_by_role("button", name="Envoyer la demande à la caisse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Consultez votre messagerie")
    assert_axe_clean(page)
