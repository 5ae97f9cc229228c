"""A saisine travels from a technicien to a conseiller and back."""

import re
import time
from binascii import unhexlify
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from accounts.enums import Profil
from accounts.models import Utilisateur
from caisses.models import Caisse
from portal import clock, sweeps
from portal.courriels.models import Courriel
from signalements.models import Demande, NoteInterne
from tests import factories as f
from tests.documents.conftest import pdf_bytes, photo
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.signing_in import TOTP_KEY
from tests.fixtures.stories import agree, fill_person, signed_in, wait_for_analysis, welcome

pytestmark = [pytest.mark.django_db(transaction=True)]


@dataclass
class Story:
    """Who takes part."""

    technicien: Utilisateur
    collegue: Utilisateur
    conseiller: Utilisateur
    superviseur: Utilisateur
    etrangere: Utilisateur
    autre_caisse: Utilisateur


@pytest.fixture
def story() -> Story:
    with transaction.atomic():
        call_command("load_reference", verbosity=0)
        doubs, loire = Caisse.objects.get(code="251"), Caisse.objects.get(code="422")
        Caisse.objects.filter(pk__in=[doubs.pk, loire.pk]).update(
            active=True, equipe_mas_courriel="mas@cpam.example"
        )
        valbrume, pontreval = f.partenaire(doubs), f.partenaire(loire)
        f.convention(valbrume, doubs)
        f.convention(pontreval, loire)
        people = Story(
            technicien=f.utilisateur(Profil.TECHNICIEN, valbrume, password=f.PASSWORD),
            collegue=f.utilisateur(Profil.TECHNICIEN, valbrume),
            conseiller=f.utilisateur(Profil.CONSEILLER_MAS, doubs, prenom="Alix"),
            superviseur=f.utilisateur(Profil.SUPERVISEUR, doubs),
            etrangere=f.utilisateur(Profil.TECHNICIEN, pontreval),
            autre_caisse=f.utilisateur(Profil.AGENT, loire),
        )
        welcome(people)
    return people


def current_code() -> str:
    totp = TOTP(unhexlify(TOTP_KEY))
    totp.time = time.time()
    return f"{totp.token():06d}"


def sign_in_by_hand(page: Page, user: Utilisateur) -> None:
    page.goto("/connexion/")
    page.get_by_label("Identifiant").fill(user.identifiant)
    page.get_by_label("Mot de passe", exact=True).fill(f.PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(current_code())
    page.get_by_role("button", name="Vérifier le code").click()


def fill_situation(page: Page) -> None:
    page.get_by_role("group", name=re.compile("Difficultés")).get_by_role("checkbox").first.check()
    page.get_by_role("group", name=re.compile("préfère")).get_by_label("Par téléphone").check()
    page.get_by_label("Téléphone de la personne").fill("06 39 98 12 34")
    agree(page)


def test_a_saisine_travels_from_a_technicien_to_a_conseiller_and_back(
    live_server: Any, worker: Any, new_context: Any, story: Story
) -> None:
    # 1. The technicien signs in and sees what is open.
    tech = new_context().new_page()
    sign_in_by_hand(tech, story.technicien)
    expect(tech.get_by_role("heading", level=1)).to_contain_text("Bonjour")

    # 2. They prepare a saisine; the draft survives a lost session and another device.
    tech.get_by_role("link", name=re.compile("Signaler")).first.click()
    tech.get_by_role("button", name="Commencer").click()
    fill_person(tech)
    expect(tech.get_by_text(re.compile(r"Enregistré à \d"))).to_be_visible()
    reference = re.search(r"EP-251-\w{5}-\d{2}", tech.url).group(0)
    context = tech.context
    tech.close()
    context.clear_cookies()
    lost = context.new_page()
    lost.goto(f"/espace-partenaire/demandes/{reference}/reprendre/")
    expect(lost).to_have_url(re.compile("/connexion/"))
    device = signed_in(new_context, story.technicien)
    device.goto(f"/espace-partenaire/demandes/{reference}/reprendre/")
    expect(device.get_by_label("Nom de naissance")).to_have_value("Fictive")
    assert_axe_clean(device)
    device.get_by_role("button", name="Continuer").click()
    fill_situation(device)
    assert_axe_clean(device)
    device.get_by_role("button", name="Continuer").click()
    device.locator("input[type=file]").first.set_input_files(
        {"name": "identite.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    )
    expect(device.get_by_text("identite.pdf").first).to_be_visible()
    wait_for_analysis(1)
    assert_axe_clean(device)
    device.get_by_role("button", name="Vérifier ma demande").click()
    expect(device.get_by_text(reference, exact=True)).to_be_visible()
    assert_axe_clean(device)
    device.get_by_role("button", name="Envoyer la demande à la caisse").click()

    # 3. The confirmation, the bordereau, and mails without personal data.
    expect(device.get_by_role("heading", level=1)).to_have_text("Demande envoyée")
    expect(device.get_by_text("Réponse attendue au plus tard le")).to_be_visible()
    assert_axe_clean(device)
    slip = device.request.get(f"/espace-partenaire/demandes/{reference}/bordereau.pdf")
    assert slip.status == 200
    assert slip.body().startswith(b"%PDF-")
    with transaction.atomic():
        assert Demande.objects.get(reference=reference).statut == "ENVOYEE"
        rows = list(Courriel.objects.all())
    assert {row.adresse for row in rows} == {"", "mas@cpam.example"}
    assert not any("fictive" in f"{row.donnees}{row.lien}".lower() for row in rows)

    # 4. The conseiller finds it, takes it in charge, notes, asks for a complément.
    mas = signed_in(new_context, story.conseiller)
    mas.goto("/espace-caisse/file/")
    mas.get_by_role("link", name=reference).click()
    expect(mas.get_by_role("img", name=re.compile("Page 1 sur 1"))).to_be_visible()
    mas.get_by_role("button", name="Prendre en charge").click()
    mas.locator("#notes textarea").fill("Rappeler plutôt le matin.")
    mas.get_by_role("button", name="Ajouter une note interne").click()
    expect(mas.get_by_text("Rappeler plutôt le matin.")).to_be_visible()
    assert_axe_clean(mas)
    mas.get_by_role("link", name=re.compile("Demander un complément")).click()
    mas.get_by_role("checkbox").first.check()
    assert_axe_clean(mas)
    mas.get_by_role("button", name=re.compile("aperçu|Vérifier|Voir", re.IGNORECASE)).first.click()
    mas.get_by_role(
        "button", name=re.compile("Demander le complément|Envoyer|Demander un complément")
    ).first.click()
    with transaction.atomic():
        asked = Demande.objects.get(reference=reference)
        assert (asked.statut, asked.suspendue_le) == ("A_COMPLETER", clock.today())
        assert Courriel.objects.filter(evenement__contains="complement").exists()

    # 5. A colleague of the structure sees exactly what is asked, and completes with a photo.
    colleague = signed_in(new_context, story.collegue)
    colleague.goto("/")
    colleague.get_by_role("link", name=re.compile(reference)).first.click()
    expect(colleague.get_by_text("La caisse attend votre réponse")).to_be_visible()
    expect(colleague.get_by_text("Rappeler plutôt le matin.")).to_have_count(0)
    assert_axe_clean(colleague)
    shot = photo()
    colleague.locator("#complement input[type=file]").first.set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": shot.read()}
    )
    expect(colleague.get_by_text("photo.jpg").first).to_be_visible()
    wait_for_analysis(2)
    colleague.get_by_role("button", name="Compléter la demande").click()
    with transaction.atomic():
        completed = Demande.objects.get(reference=reference)
        assert (completed.statut, completed.suspendue_le) == ("COMPLETEE", None)

    # 6. Contact with the person, messages both ways, an outcome, a reopening.
    mas.goto(f"/espace-caisse/demandes/{reference}/")
    mas.get_by_text("Noter un contact").click()
    mas.get_by_label("Canal").select_option(label="Téléphone")
    mas.get_by_label("Résultat").select_option(label="Personne jointe")
    mas.get_by_role("button", name="Noter le contact").click()
    mas.locator("#message textarea").fill("La personne est jointe, rendez-vous pris.")
    mas.get_by_role("button", name="Envoyer le message").click()
    colleague.goto(f"/espace-partenaire/demandes/{reference}/")
    expect(colleague.get_by_text("La personne est jointe, rendez-vous pris.")).to_be_visible()
    colleague.locator("form[action$='/messages/'] textarea").fill("Merci, nous prévenons la personne.")
    colleague.get_by_role("button", name="Envoyer le message").click()
    mas.goto(f"/espace-caisse/demandes/{reference}/")
    expect(mas.get_by_text("Merci, nous prévenons la personne.")).to_be_visible()
    mas.get_by_role("link", name="Rendre la décision").click()
    mas.get_by_role("radio", name="Droits ouverts").check()
    mas.get_by_role("button", name="Rendre la décision").click()
    colleague.goto(f"/espace-partenaire/demandes/{reference}/")
    expect(colleague.get_by_text(re.compile("Traitée – Droits ouverts")).first).to_be_visible()
    assert "Rappeler plutôt" not in colleague.content()
    assert_axe_clean(colleague)
    mas.goto(f"/espace-caisse/demandes/{reference}/rouvrir/")
    mas.get_by_role("textbox").last.fill("La personne a rappelé.")
    mas.get_by_role("button", name=re.compile("Rouvrir")).click()
    with transaction.atomic():
        assert Demande.objects.get(reference=reference).statut == "EN_COURS"
        assert NoteInterne.objects.count() == 1

    # 7. The supervisor sees the workload; strangers see nothing.
    sup = signed_in(new_context, story.superviseur)
    sup.goto("/espace-caisse/pilotage/")
    expect(sup.get_by_text("Alix").first).to_be_visible()
    other = signed_in(new_context, story.etrangere)
    assert other.goto(f"/espace-partenaire/demandes/{reference}/").status == 404
    stranger = signed_in(new_context, story.autre_caisse)
    assert stranger.goto(f"/espace-caisse/demandes/{reference}/").status == 404
    stranger.goto("/espace-caisse/file/")
    assert reference not in stranger.content()

    # The mails leave, once.
    with transaction.atomic():
        waiting = Courriel.objects.filter(envoye_le__isnull=True, a_envoyer_le__lte=clock.now()).count()
    sweeps.run("courriels")
    with transaction.atomic():
        left = Courriel.objects.filter(envoye_le__isnull=True, a_envoyer_le__lte=clock.now())
        assert waiting == 0 or left.count() == 0
