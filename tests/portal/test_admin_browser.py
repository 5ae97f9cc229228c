"""The admin in Chromium under the strict policy: quiet console, accessible in light, dark and narrow."""

from typing import Any

import pytest
from django.db import transaction

from accounts.enums import Profil
from caisses.enums import ListeMotifs
from partners.enums import EtatConvention
from partners.models import Convention, Signataire
from portal.audit.journal import record
from portal.audit.models import Verbe
from tests import factories as f
from tests.fixtures.administration import Place, admin_url, build
from tests.fixtures.browser import assert_axe_clean, shoot
from tests.fixtures.signing_in import sign_in_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def place(live_server: Any) -> Place:
    with transaction.atomic():
        made = build()
        f.utilisateur(Profil.GESTIONNAIRE, made.valbrume, active_le=None)
        f.partenaire(made.doubs, raison_sociale="CCAS sans gestionnaire")
        f.motif(ListeMotifs.DIFFICULTE, "LOCAL", "Motif du Doubs", caisse=made.doubs)
        Signataire.objects.create(
            convention=made.convention, partie="PARTENAIRE", nom="Président fictif", qualite="Président"
        )
        record(Verbe.COMPTE, caisse_id=made.doubs.pk, acteur_id=made.admin.pk, objet="compte", objet_id="1")
    return made


def enter(context: Any, console_guard: Any, user: Any) -> None:
    console_guard.watch(context)
    with transaction.atomic():
        sign_in_browser(context, user)


SCREENS = {
    "index": lambda p: "/admin/",
    "rubrique": lambda p: "/admin/partners/",
    "conventions": lambda p: admin_url("partners_convention"),
    "convention": lambda p: admin_url("partners_convention", "change", p.convention.pk),
    "convention_neuve": lambda p: admin_url("partners_convention", "add"),
    "denoncer": lambda p: admin_url("partners_convention", "denoncer", p.convention.pk),
    "resilier": lambda p: admin_url("partners_convention", "resilier", p.convention.pk),
    "structures": lambda p: admin_url("partners_partenaire"),
    "structure": lambda p: admin_url("partners_partenaire", "change", p.valbrume.pk),
    "comptes": lambda p: admin_url("accounts_comptepartenaire"),
    "gestionnaire_neuf": lambda p: admin_url("accounts_comptepartenaire", "add"),
    "gestionnaire": lambda p: admin_url("accounts_comptepartenaire", "change", p.gest.pk),
    "technicien": lambda p: admin_url("accounts_comptepartenaire", "change", p.tech.pk),
    "inactiver": lambda p: admin_url("accounts_comptepartenaire", "inactiver", p.gest.pk),
    "couper_structure": lambda p: admin_url("partners_partenaire", "couper", p.valbrume.pk),
    "historique": lambda p: admin_url("accounts_comptepartenaire", "history", p.gest.pk),
    "comptes_caisse": lambda p: admin_url("accounts_comptecaisse", "add"),
    "caisse": lambda p: admin_url("caisses_caisse", "change", p.doubs.pk),
    "motifs": lambda p: admin_url("caisses_motif"),
    "type_piece": lambda p: admin_url("caisses_typepiece", "add"),
    "journal": lambda p: admin_url("audit_evenement"),
}
NATIONAL = {
    "annonce": lambda p: admin_url("caisses_annonce", "add"),
    "conditions": lambda p: admin_url("accounts_versioncgu", "add"),
    "caisse_nationale": lambda p: admin_url("caisses_caisse", "add"),
    "modele": lambda p: admin_url("caisses_modelereponse", "add"),
}


@pytest.mark.parametrize(
    ("who", "screens"), [("admin", SCREENS), ("national", NATIONAL)], ids=["caisse", "national"]
)
def test_every_screen_is_accessible_and_quiet(page, context, console_guard, place, who, screens):
    enter(context, console_guard, getattr(place, who))
    wrong = []
    for name, address in screens.items():
        page.goto(address(place))
        shoot(page, f"admin_{name}")
        try:
            assert page.locator("h1").count() == 1, "one h1 a page"
            assert_axe_clean(page)
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
    assert not wrong, "\n".join(wrong)


def test_a_gestionnaire_is_habilitated_with_the_completion_list(page, context, console_guard, place):
    enter(context, console_guard, place.admin)
    with transaction.atomic():
        f.partenaire(place.doubs, raison_sociale="CCAS de Roche-Claire")
    page.goto(admin_url("accounts_comptepartenaire", "add"))
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    summary = page.locator(".ep-summary-errors")
    summary.wait_for()
    assert "Remplissez le champ «\u00a0Fonction\u00a0»." in summary.inner_text()
    assert page.locator(".errornote:visible").count() == 0
    shoot(page, "admin_gestionnaire_erreur")
    assert_axe_clean(page)
    page.locator(".field-structure .select2-selection").click()
    page.locator(".select2-search__field").fill("roche")
    page.get_by_role("option", name="CCAS de Roche-Claire").click()
    page.locator("#id_civilite").select_option("MME")
    page.locator("#id_nom").fill("Fictive")
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label("Fonction").fill("Directrice")
    page.get_by_label("Téléphone").fill("03 81 00 00 00")
    page.locator("#id_courriel").fill("zoe@ccas.example")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("son identifiant est zoe.fictive").wait_for()


def test_rows_are_added_to_a_convention(page, context, console_guard, place):
    with transaction.atomic():
        Convention.objects.filter(pk=place.convention.pk).update(etat=EtatConvention.BROUILLON)
    enter(context, console_guard, place.admin)
    page.goto(admin_url("partners_convention", "change", place.convention.pk))
    page.locator("#signataires-group .add-row a").click()
    page.locator("#id_signataires-1-partie").select_option("CAISSE")
    page.locator("#id_signataires-1-nom").fill("Directrice fictive")
    page.locator("#id_signataires-1-qualite").fill("Directrice")
    shoot(page, "admin_signataire")
    assert_axe_clean(page)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.locator(".messagelist .success").wait_for()
