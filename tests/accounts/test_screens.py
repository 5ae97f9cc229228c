"""The screens of the sign-in and of one's own account, in Chromium: light, dark, 320 px, axe, console."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import BrowserContext, Page, expect

from accounts.enums import Profil
from accounts.links import activation_link
from accounts.models import Utilisateur
from accounts.reference_data import load_cgu
from portal import clock
from portal.courriels.models import Courriel
from tests import factories as f
from tests.fixtures.browser import assert_axe_clean, shoot
from tests.fixtures.signing_in import sign_in_browser, totp_device

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW = "Brouette.Satin.Cumulus.52"


def check(page: Page, name: str) -> None:
    """The screen is accessible in every state of the display."""
    assert_axe_clean(page)
    shoot(page, name)


@pytest.fixture
def user(live_server: Any) -> Utilisateur:
    with transaction.atomic():
        structure = f.partenaire(f.caisse(nom="CPAM du Doubs"), raison_sociale="CCAS de Valbrume")
        f.utilisateur(Profil.GESTIONNAIRE, structure, prenom="Alix", nom="Exemple")
        return f.utilisateur(Profil.TECHNICIEN, structure, identifiant="tech.valbrume", password=f.PASSWORD)


def code_of(device: TOTPDevice) -> str:
    totp = TOTP(device.bin_key)
    totp.time = clock.now().timestamp()
    return f"{totp.token():06d}"


def test_first_sign_in_from_the_invitation_to_the_profile(page: Page, user: Utilisateur) -> None:
    with transaction.atomic():
        load_cgu()
        Utilisateur.objects.filter(pk=user.pk).update(active_le=None, mot_de_passe_le=None, password="!")
        user.refresh_from_db()
        link = activation_link(Courriel(destinataire=user))
    page.goto(link)
    expect(page.get_by_role("heading", name="Activer votre compte")).to_be_visible()
    check(page, "activation")
    page.get_by_label("Nouveau mot de passe", exact=True).fill("court")
    page.get_by_role("button", name="Enregistrer mon mot de passe").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    check(page, "activation-erreur")
    page.get_by_label("Nouveau mot de passe", exact=True).fill(NEW)
    page.get_by_label("Nouveau mot de passe, une seconde fois").fill(NEW)
    expect(page.locator(".ep-rules .is-met")).to_have_count(4)
    page.get_by_role("button", name="Enregistrer mon mot de passe").click()

    expect(page.get_by_text("Votre mot de passe est enregistré.")).to_be_visible()
    page.get_by_label("Identifiant").fill("tech.valbrume")
    page.get_by_label("Mot de passe", exact=True).fill(NEW)
    page.get_by_role("button", name="Se connecter").click()

    expect(page.get_by_role("heading", name="Installer le second facteur")).to_be_visible()
    check(page, "second-facteur")
    secret = page.locator(".ep-copy__value").inner_text()
    assert len(secret.replace(" ", "")) == 32
    page.get_by_label("Code à usage unique").fill(code_of(TOTPDevice.objects.get(user=user)))
    page.get_by_role("button", name="Vérifier le code").click()

    expect(page.get_by_role("heading", name="Vos codes de secours")).to_be_visible()
    expect(page.locator(".ep-codes li")).to_have_count(10)
    check(page, "codes-secours")
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger les codes (texte)").click()
    assert download.value.suggested_filename == "codes-de-secours.txt"
    page.get_by_role("link", name="J’ai conservé mes codes, continuer").click()

    expect(page.get_by_role("heading", name="Conditions d’utilisation", exact=True)).to_be_visible()
    check(page, "conditions")
    page.get_by_role("button", name="J’accepte les conditions").click()
    page.goto("/mon-profil/")
    expect(page.get_by_role("heading", name="Mon profil")).to_be_visible()
    check(page, "profil")


def test_sign_in_with_a_code_then_out(page: Page, user: Utilisateur, settings: Any) -> None:
    settings.DEMO = True
    with transaction.atomic():
        totp_device(user)
    page.goto("/mon-profil/")
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()
    check(page, "connexion")
    page.get_by_label("Identifiant").fill("tech.valbrume")
    page.get_by_label("Mot de passe", exact=True).fill("Mauvais-Mot-De-Passe-9")
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("alert")).to_contain_text("L’identifiant ou le mot de passe est incorrect.")
    check(page, "connexion-erreur")
    page.get_by_role("link", name="tech.valbrume").click()
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", name="Code à usage unique")).to_be_visible()
    check(page, "code")
    page.get_by_role("link", name="Utiliser un code de secours").click()
    check(page, "code-secours")
    page.get_by_role("link", name="Utiliser le code de mon application").click()
    page.get_by_label("Code à usage unique").fill(page.locator(".ep-copy__value").inner_text())
    page.get_by_role("button", name="Vérifier le code").click()
    expect(page.get_by_role("heading", name="Mon profil")).to_be_visible()
    page.locator("summary", has_text="Mon compte").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def test_the_pages_of_links_and_passwords(page: Page, context: BrowserContext, user: Utilisateur) -> None:
    page.goto("/activation/x/y/")
    check(page, "lien-perime")
    page.get_by_label("Identifiant ou adresse").fill("tech.valbrume")
    page.get_by_role("button", name="Recevoir un nouveau lien").click()
    expect(page.get_by_role("heading", name="Consultez votre messagerie")).to_be_visible()
    check(page, "lien-envoye")
    page.goto("/mot-de-passe/oublie/")
    page.get_by_role("button", name="Recevoir un lien").click()
    check(page, "oubli-erreur")
    with transaction.atomic():
        sign_in_browser(context, user)
        old = clock.now() - timedelta(days=400)
        Utilisateur.objects.filter(pk=user.pk).update(mot_de_passe_le=old)
    page.goto("/mon-profil/")
    expect(page.get_by_role("heading", name="Changer mon mot de passe")).to_be_visible()
    check(page, "mot-de-passe-perime")
    with transaction.atomic():
        user.rolepartenaire_set.all().delete()
    page.goto("/mon-profil/")
    check(page, "sans-role")


def test_the_session_ends_in_the_page_and_comes_back_to_it(
    page: Page, context: BrowserContext, user: Utilisateur, settings: Any
) -> None:
    with transaction.atomic():
        sign_in_browser(context, user)
    # Within the warning's two minutes, with the time to look at it.
    settings.SESSION_IDLE_SECONDS = 100
    page.goto("/mon-profil/?ici=1")
    expect(page.get_by_role("dialog")).to_contain_text("Vous allez être déconnecté")
    check(page, "session")
    settings.SESSION_IDLE_SECONDS = 3
    page.goto("/mon-profil/?ici=1")
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible(timeout=15000)
    expect(page.get_by_text("Votre session a pris fin. Vos brouillons sont conservés.")).to_be_visible()
    settings.SESSION_IDLE_SECONDS = 1800
    expect(page.locator("input[name=next]").first).to_have_value("/mon-profil/?ici=1")


def test_a_refused_sign_in_takes_the_focus(page: Page) -> None:
    page.goto("/connexion/")
    page.get_by_label("Identifiant").fill("personne")
    page.get_by_label("Mot de passe", exact=True).fill("Inexact-Inexact-12")
    page.get_by_role("button", name="Se connecter").click()
    refusal = page.locator("[data-ep-focus]")
    expect(refusal).to_contain_text("L’identifiant ou le mot de passe est incorrect.")
    expect(refusal).to_be_focused()


def test_a_passkey_is_made_in_the_profile_then_signs_in(page: Page, user: Utilisateur, provider: Any) -> None:
    """With an authenticator of Chromium's own; ProConnect is on, so that its button and its card are seen too."""
    with transaction.atomic():
        sign_in_browser(page.context, user)
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/mon-profil/")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    expect(page.get_by_text("Ce navigateur ne peut pas créer de clé d’accès")).to_be_hidden()
    check(page, "cle-ajouter")
    page.get_by_role("button", name="Créer la clé d’accès").click()
    page.get_by_role("link", name="J’ai conservé mes codes, continuer").click()
    expect(page.get_by_role("heading", name="Vos clés d’accès")).to_be_visible()
    check(page, "profil-cle")
    page.get_by_role("link", name="Renommer ou retirer").click()
    check(page, "cle")

    page.context.clear_cookies()
    page.goto("/mon-profil/")
    check(page, "connexion-proconnect")
    page.get_by_label("Identifiant").fill("tech.valbrume")
    page.get_by_label("Mot de passe", exact=True).fill(f.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_label("Code à usage unique")).to_be_visible()
    check(page, "code-cle")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("heading", name="Mon profil")).to_be_visible()
