"""Caisses, reference lists, announcements and conditions in the admin."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import VersionCgu
from caisses.enums import Fonction, ListeMotifs
from caisses.models import Annonce, FermetureLocale, ModeleReponse, Motif
from portal import clock
from portal.audit.models import Evenement
from tests import factories as f
from tests.fixtures.administration import CANARY, Place, admin_url, form_data

pytestmark = pytest.mark.django_db


def edit(client: Any, place: Place, **fields: Any) -> Any:
    path = admin_url("caisses_caisse", "change", place.doubs.pk)
    return client.post(path, {**form_data(client.get(path)), **fields})


def test_a_caisse_sets_what_it_offers_its_delays_and_its_closures(place, admin):
    response = edit(
        admin,
        place,
        fonctions_offertes=[Fonction.SAISINE],
        delai_saisine=7,
        support_telephone="03 81 00 00 00",
        **{
            "fermetures-TOTAL_FORMS": 1,
            "fermetures-0-jour": "2026-12-26",
            "fermetures-0-libelle": "Pont",
        },
    )
    assert response.status_code == 302
    place.doubs.refresh_from_db()
    assert (place.doubs.fonctions_offertes, place.doubs.delai_saisine) == ([Fonction.SAISINE], 7)
    assert place.doubs.support_telephone == "+33381000000"
    assert FermetureLocale.objects.get().caisse == place.doubs
    event = Evenement.objects.get(objet="caisse")
    assert event.details["champs"] == ["fonctions_offertes", "support_telephone", "delai_saisine"]
    assert event.details["fermeturelocale"]["ajouts"] == 1


def test_what_a_caisse_is_only_the_national_administrator_says(place, admin, national):
    edit(admin, place, nom="Autre nom", code="999", active="", departements="75", fuseau="Asia/Tokyo")
    place.doubs.refresh_from_db()
    assert (place.doubs.nom, place.doubs.code, place.doubs.active) == ("CPAM du Doubs", "251", True)
    assert admin.get(admin_url("caisses_caisse", "add")).status_code == 403
    assert edit(national, place, nom="CPAM du Doubs et du Haut-Doubs").status_code == 302
    place.doubs.refresh_from_db()
    assert place.doubs.nom == "CPAM du Doubs et du Haut-Doubs"
    assert edit(national, place, fuseau="Lune/Tranquillité").status_code == 422


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"delai_saisine": 0}, "au moins un jour"),
        ({"rappel_complement": 40}, "Le rappel précède"),
        ({"seuil_imminent": 9}, "vient après"),
        ({"fonctions_offertes": ["TOUT"]}, "choix"),
    ],
)
def test_settings_are_checked(place, admin, fields, words):
    response = edit(admin, place, **fields)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_caisse_completes_the_reference_lists_and_leaves_the_national_entries_alone(place, admin):
    shared = f.motif(ListeMotifs.DIFFICULTE, "NATIONAL", "Difficulté nationale")
    f.motif(ListeMotifs.DIFFICULTE, "AUTRE", CANARY, caisse=place.loire)
    data = {"liste": "DIFFICULTE", "code": "LOCAL", "libelle": "Propre au Doubs", "ordre": 5}
    assert (
        admin.post(admin_url("caisses_motif", "add"), {**data, "caisse": place.loire.pk}).status_code == 302
    )
    assert Motif.objects.get(code="LOCAL").caisse == place.doubs
    assert admin.post(admin_url("caisses_motif", "add"), data).status_code == 422
    text = admin.get(admin_url("caisses_motif")).content.decode()
    assert "Difficulté nationale" in text
    assert CANARY not in text
    page = admin.get(admin_url("caisses_motif", "change", shared.pk))
    assert 'name="_save"' not in page.content.decode()
    assert (
        admin.post(admin_url("caisses_motif", "change", shared.pk), {**data, "libelle": "x"}).status_code
        == 403
    )
    own = Motif.objects.get(code="LOCAL")
    changed = {**data, "libelle": "Autrement", "code": "CHANGE"}
    assert admin.post(admin_url("caisses_motif", "change", own.pk), changed).status_code == 302
    own.refresh_from_db()
    assert (own.libelle, own.code) == ("Autrement", "LOCAL")


def test_announcements_and_conditions_are_national(place, admin, national):
    start = clock.now() + timedelta(hours=1)
    announcement = {
        "niveau": "warning",
        "titre": "Maintenance de nuit",
        "debut": "2026-12-01T20:00",
        "fin": "2026-12-01T23:00",
    }
    version = {
        "numero": "9.0",
        "publiee_le": f"{start:%Y-%m-%dT%H:%M}",
        "resume": "Un engagement",
        "texte": "Texte",
    }
    for model, data in (("caisses_annonce", announcement), ("accounts_versioncgu", version)):
        assert admin.get(admin_url(model)).status_code == 403
        assert admin.post(admin_url(model, "add"), data).status_code == 403
        assert national.post(admin_url(model, "add"), data).status_code == 302
    backwards = {**announcement, "fin": "2026-12-01T19:00"}
    refused = national.post(admin_url("caisses_annonce", "add"), backwards)
    assert refused.status_code == 422
    assert "La fin vient après le début" in refused.content.decode()
    assert Annonce.objects.count() == 1


def test_a_published_version_of_the_conditions_is_never_touched_again(place, national):
    published = VersionCgu.objects.create(numero="1.0", publiee_le=clock.now(), resume="Un", texte="Texte")
    path = admin_url("accounts_versioncgu", "change", published.pk)
    assert national.get(path).status_code == 302 or 'name="_save"' not in national.get(path).content.decode()
    assert national.post(path, {"numero": "1.0", "texte": "Autre"}).status_code in {302, 403}
    published.refresh_from_db()
    assert published.texte == "Texte"
    assert (
        national.post(admin_url("accounts_versioncgu", "delete", published.pk), {"post": "yes"}).status_code
        != 200
    )


MODELE = {"nom": "Accusé", "moment": "MESSAGE", "texte": "Demande {reference} reçue.", "actif": "on"}


def test_national_reply_templates_are_written_by_the_national_administrator(place, admin, national):
    add = admin_url("caisses_modelereponse", "add")
    assert national.post(add, {**MODELE, "fonctions": ["SAISINE", "CONTACT"]}).status_code == 302
    row = ModeleReponse.objects.get()
    assert (row.caisse, row.fonctions, row.modifie_le is not None) == (None, ["CONTACT", "SAISINE"], True)
    change = admin_url("caisses_modelereponse", "change", row.pk)
    assert admin.post(change, {**MODELE, "texte": "Autre"}).status_code == 403
    assert (
        national.post(change, {**form_data(national.get(change)), "texte": "Bien reçu."}).status_code == 302
    )
    events = Evenement.objects.filter(objet="modele", objet_id=str(row.pk)).order_by("le")
    assert [(event.verbe, event.details.get("champs")) for event in events] == [
        ("creation", None),
        ("modification", ["texte"]),
    ]
    assert national.post(add, {**MODELE, "nom": "Accusé"}).status_code == 422


@pytest.mark.parametrize(
    ("texte", "words"),
    [
        ("Bonjour {prenom}", "{prenom} n’existe pas"),
        ("Bonjour {", "accolade est seule"),
        ("Dossier 2 84 03 25 056 123 45", "numéro de sécurité sociale"),
    ],
)
def test_a_template_is_checked_in_the_admin_too(national, texte, words):
    response = national.post(admin_url("caisses_modelereponse", "add"), {**MODELE, "texte": texte})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not ModeleReponse.objects.exists()


def test_a_caisse_writes_its_own_templates_in_the_admin(place, admin):
    other = ModeleReponse.objects.create(**{**MODELE, "actif": True, "nom": CANARY}, caisse=place.loire)
    add = admin_url("caisses_modelereponse", "add")
    assert admin.post(add, {**MODELE, "caisse": place.loire.pk}).status_code == 302
    assert ModeleReponse.objects.exclude(pk=other.pk).get().caisse == place.doubs
    assert CANARY not in admin.get(admin_url("caisses_modelereponse")).content.decode()
