"""The wizard over HTTP: every step, its errors, what it keeps, what it refuses."""

import uuid
from urllib.parse import unquote

import pytest
from django.urls import reverse

from accounts.enums import Profil
from caisses.enums import Fonction
from partners.models import Convention
from portal.audit.models import Evenement
from signalements.enums import Statut
from signalements.models import Brouillon, Demande
from tests import factories as f
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import draft, naissance_names, personne, situation, url

pytestmark = pytest.mark.django_db
JOUR, MOIS, ANNEE = naissance_names()
NIR = "2 95 10 99 126 111 93"


def step(demande, etape):
    return url("etape", demande, etape)


def nouvelle(code="251"):
    return reverse("signalements:nouvelle", args=["saisine", code])


def test_before_you_start_says_what_it_is_for(tech, monde):
    response = tech.get(nouvelle())
    assert response.status_code == 200
    assert "À ne pas utiliser pour" in response.text
    assert "La personne est informée" in response.text
    assert "Pièce d&#x27;identité" in response.text


def test_commencer_twice_with_one_key_makes_one_draft(tech, monde):
    data = {"cle_creation": str(uuid.uuid4())}
    first, second = tech.post(nouvelle(), data), tech.post(nouvelle(), data)
    assert first.status_code == 302
    assert first.url == second.url
    assert Demande.objects.count() == 1


def test_a_function_that_is_off_is_not_found(tech, monde):
    Convention.objects.filter(pk=monde.convention.pk).update(fonctions=[Fonction.CONTACT])
    assert tech.get(nouvelle()).status_code == 404
    assert tech.post(nouvelle()).status_code == 404


def test_a_caisse_without_active_convention_is_not_found(tech, monde):
    f.caisse("422")
    assert tech.get(nouvelle("422")).status_code == 404
    assert tech.post(nouvelle("422")).status_code == 404


def test_the_whole_way_to_the_confirmation(tech, monde):
    started = tech.post(nouvelle(), {"cle_creation": str(uuid.uuid4())})
    demande = Demande.objects.get()
    assert started.url == step(demande, "personne")
    assert tech.post(step(demande, "personne"), personne()).url == step(demande, "situation")
    assert tech.post(step(demande, "situation"), situation()).url == step(demande, "pieces")
    assert tech.post(step(demande, "pieces"), {}).url == step(demande, "verification")
    check = tech.get(step(demande, "verification"))
    assert "Jeanne" in check.text
    assert "Il manque des réponses" not in check.text
    sent = tech.post(step(demande, "verification"))
    assert sent.url == url("confirmation", demande)
    again = tech.post(step(demande, "verification"))
    assert again.url == url("confirmation", demande)
    confirmation = tech.get(sent.url)
    assert "Demande envoyée" in confirmation.text
    assert demande.reference in confirmation.text
    assert "Réponse attendue au plus tard le" in confirmation.text
    assert "Fictive" not in confirmation.text


def test_what_was_typed_stays_when_a_step_is_wrong(tech, monde):
    demande = draft(monde, personne={}, situation={})
    response = tech.post(step(demande, "personne"), personne(nom_naissance="", **{MOIS: "13"}))
    assert response.status_code == 422
    assert "<title>Erreur" in response.text
    assert 'value="Jeanne"' in response.text
    assert 'value="13"' in response.text
    assert "Saisissez un mois de naissance entre 1 et 12" in response.text
    brouillon = Brouillon.objects.get()
    assert brouillon.etape == "personne"
    assert brouillon.donnees["personne"][MOIS] == ["13"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({JOUR: "", MOIS: "", ANNEE: ""}, "Saisissez la date de naissance"),
        ({JOUR: "31", MOIS: "2"}, "n’existe pas"),
        ({ANNEE: "84"}, "à 4 chiffres"),
        ({ANNEE: "2199"}, "ne peut pas être dans le futur"),
    ],
)
def test_a_missing_or_impossible_birth_date_is_explained(tech, monde, typed, words):
    demande = draft(monde, personne={}, situation={})
    response = tech.post(step(demande, "personne"), personne(**typed))
    assert response.status_code == 422
    assert words in response.text


def test_an_unknown_day_and_month_are_accepted(tech, monde):
    demande = draft(monde, personne={}, situation={})
    response = tech.post(step(demande, "personne"), personne(**{JOUR: "", MOIS: ""}))
    assert response.url == step(demande, "situation")


def test_a_phone_is_needed_unless_the_structure_is_the_way(tech, monde):
    demande = draft(monde, situation={})
    refused = tech.post(step(demande, "situation"), situation(telephone=""))
    assert refused.status_code == 422
    assert "Saisissez le téléphone de la personne" in refused.text
    accepted = tech.post(step(demande, "situation"), situation(telephone="", canal_prefere="PARTENAIRE"))
    assert accepted.status_code == 302


def test_an_urgency_needs_a_motif_of_the_list(tech, monde):
    demande = draft(monde, situation={})
    for motif in ("", "INVENTE"):
        refused = tech.post(step(demande, "situation"), situation(urgente="on", motif_urgence=motif))
        assert refused.status_code == 422


def test_consent_and_information_are_needed(tech, monde):
    demande = draft(monde, situation={})
    data = situation()
    del data["accord_recueilli"], data["information_donnee"]
    response = tech.post(step(demande, "situation"), data)
    assert response.status_code == 422
    assert response.text.count("Cochez la case") >= 2


def test_a_nir_is_refused_and_not_kept(tech, monde):
    demande = draft(monde, situation={})
    response = tech.post(step(demande, "situation"), situation(description=f"Son numéro est {NIR}."))
    assert response.status_code == 422
    assert NIR in response.text
    kept = str(Brouillon.objects.get().donnees)
    assert "126" not in kept
    assert "Besançon" in kept
    row = Evenement.objects.get(verbe="garde_fou")
    assert row.details["suite"] == "refuse"


def test_health_words_ask_for_a_confirmation(tech, monde):
    demande = draft(monde, situation={})
    data = situation(description="La personne a un cancer.")
    refused = tech.post(step(demande, "situation"), data)
    assert refused.status_code == 422
    assert "Je confirme que ce texte" in refused.text
    accepted = tech.post(step(demande, "situation"), {**data, "description_confirme": "on"})
    assert accepted.url == step(demande, "pieces")
    assert tech.get(step(demande, "verification")).text.count("Il manque des réponses") == 0


def test_the_draft_saves_itself(tech, monde):
    demande = draft(monde, personne={}, situation={})
    response = tech.post(
        url("etape_enregistrer", demande, "personne"),
        {"nom_naissance": "Fic", "statut": "TRAITEE", "partenaire": "99"},
        headers={"accept": "application/json"},
    )
    assert response.status_code == 200
    assert list(response.json()) == ["enregistre_a", "version"]
    assert Brouillon.objects.get().donnees["personne"] == {"nom_naissance": ["Fic"]}
    demande.refresh_from_db()
    assert demande.statut == Statut.BROUILLON


def test_saving_answers_a_script_whose_session_has_ended(client, monde):
    demande = draft(monde)
    address = url("etape_enregistrer", demande, "personne")
    assert client.post(address, {}, headers={"accept": "application/json"}).status_code == 401
    ordinary = client.post(address, {})
    assert ordinary.status_code == 302
    assert "connexion" in ordinary.url


def test_a_draft_that_was_sent_is_no_longer_saved(tech, monde):
    demande = draft(monde)
    tech.post(step(demande, "verification"))
    response = tech.post(
        url("etape_enregistrer", demande, "personne"), {}, headers={"accept": "application/json"}
    )
    assert response.status_code in {404, 409}
    assert tech.post(step(demande, "personne"), personne()).url == url("demande", demande)


def test_another_device_comes_back_to_the_same_step(tech, monde):
    demande = draft(monde, situation={})
    tech.post(step(demande, "personne"), personne())
    from tests.conftest import StrangerClient

    other = sign_in(StrangerClient(), monde.autre_technicien)
    assert other.get(url("reprendre", demande)).url == step(demande, "situation")
    assert 'value="Fictive"' in other.get(step(demande, "personne")).text


def test_a_function_switched_off_between_two_steps_says_so_and_keeps_the_draft(tech, monde, brouillon):
    Convention.objects.filter(pk=monde.convention.pk).update(fonctions=[])
    for address in (step(brouillon, "situation"), step(brouillon, "verification")):
        response = tech.get(address)
        assert "ne peut pas être envoyée" in response.text
        assert "Jeanne" in response.text
    refused = tech.post(step(brouillon, "verification"))
    assert refused.status_code == 422
    assert Brouillon.objects.count() == 1


def test_an_ended_convention_leaves_the_draft_readable(tech, monde, brouillon):
    Convention.objects.filter(pk=monde.convention.pk).update(etat="RESILIEE")
    response = tech.get(step(brouillon, "verification"))
    assert response.status_code == 200
    assert "n’est plus active" in response.text
    assert tech.post(step(brouillon, "verification")).status_code == 422


def test_own_duplicate_is_shown_with_its_author(tech, monde):
    other = f.demande(monde.convention, monde.autre_technicien, statut=Statut.EN_COURS)
    demande = draft(monde, personne={}, situation={})
    hint = tech.post(url("doublons", demande), personne())
    assert other.reference in hint.text
    assert monde.autre_technicien.get_full_name() in hint.text
    refused = tech.post(step(demande, "personne"), personne())
    assert refused.status_code == 422
    accepted = tech.post(step(demande, "personne"), personne(raison_doublon="SITUATION_CHANGEE"))
    assert accepted.url == step(demande, "situation")


def test_a_duplicate_elsewhere_is_only_known_to_exist(tech, monde):
    other = f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.EN_COURS)
    demande = draft(monde, personne={}, situation={})
    hint = tech.post(url("doublons", demande), personne(nom_naissance="FICTIVÉ"))
    assert "Une demande de même type est en cours dans cette caisse depuis le" in hint.text
    for secret in (other.reference, monde.roche.raison_sociale, monde.technicien_roche.nom):
        assert secret not in hint.text


@pytest.mark.parametrize("change", [{"prenom": "Paul"}, {ANNEE: "1985"}, {"nom_naissance": "Autre"}])
def test_somebody_else_is_no_duplicate(tech, monde, change):
    f.demande(monde.convention, monde.autre_technicien, statut=Statut.EN_COURS)
    demande = draft(monde, personne={}, situation={})
    assert "déjà en cours" not in tech.post(url("doublons", demande), personne(**change)).text


def test_a_closed_demande_is_no_duplicate(tech, monde):
    f.demande(monde.convention, monde.autre_technicien, statut=Statut.TRAITEE)
    demande = draft(monde, personne={}, situation={})
    assert tech.post(step(demande, "personne"), personne()).url == step(demande, "situation")


def test_a_draft_is_deleted_after_a_page_that_asks(tech, monde, brouillon):
    assert "Supprimer ce brouillon" in tech.get(url("brouillon_supprimer", brouillon)).text
    assert tech.post(url("brouillon_supprimer", brouillon)).status_code == 302
    assert not Demande.objects.exists()


@pytest.mark.parametrize("who", ["technicien_roche", "gestionnaire", "agent"])
@pytest.mark.parametrize("name", ["personne", "verification", "pieces"])
def test_nobody_else_opens_a_draft(client, monde, brouillon, who, name):
    users = {
        "technicien_roche": lambda: monde.technicien_roche,
        "gestionnaire": lambda: f.utilisateur(Profil.GESTIONNAIRE, monde.valbrume),
        "agent": lambda: f.utilisateur(Profil.AGENT, monde.doubs),
    }
    sign_in(client, users[who]())
    expected = 404 if who == "technicien_roche" else 403
    assert client.get(step(brouillon, name)).status_code == expected
    assert client.post(step(brouillon, name), {}).status_code == expected


def test_a_stranger_comes_back_to_the_step_after_signing_in(client, monde, brouillon):
    response = client.get(step(brouillon, "situation"))
    assert response.status_code == 302
    assert step(brouillon, "situation") in unquote(response.url)


def test_an_unknown_step_is_not_found(tech, brouillon):
    assert tech.get(step(brouillon, "autre")).status_code == 404


def test_no_name_of_a_person_in_a_title(tech, monde, brouillon):
    for name in ("personne", "situation", "pieces", "verification"):
        page = tech.get(step(brouillon, name)).text
        title = page.split("<title>")[1].split("</title>")[0]
        assert "Fictive" not in title
        assert "FICTIVE" not in title


@pytest.mark.parametrize(("code", "warned"), [("42", True), ("25", False), ("SDS", False), ("ETR", False)])
def test_another_departement_than_the_caisses_is_pointed_out(tech, monde, code, warned):
    demande = draft(monde, personne=personne(departement=code))
    assert ("Est-ce la bonne caisse" in tech.get(step(demande, "verification")).text) is warned
