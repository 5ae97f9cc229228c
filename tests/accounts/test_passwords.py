"""The rules of a password, changing it, and the reminders."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.enums import Profil
from accounts.models import AncienMotDePasse, SessionOuverte, Utilisateur
from accounts.operations.passwords import remind_of_expiry, reset_password
from accounts.passwords import entropy_bits, password_expired, personal_words
from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.errors import DomainError
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db
NEW = "Brouette.Satin.Cumulus.52"
URL = "/mon-profil/mot-de-passe/"


@pytest.fixture
def user():
    structure = f.partenaire(f.caisse(), raison_sociale="CCAS de Valbrume", commune="Valbrume")
    return f.utilisateur(
        Profil.TECHNICIEN, structure, prenom="Élodie", nom="Grandfictif", password=f.PASSWORD,
        identifiant="elodie.gf",
    )  # fmt: skip


def refusal(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.error_list[0].code
    return ""


@pytest.mark.parametrize(
    ("password", "bits"),
    [("Az3rty0)bcD9", 80), ("Abcdefgh1234xy", 83), ("Az3rty0)", 53), ("aaaaaaaaaaaa", 56), ("", 0)],
)
def test_the_bits_are_length_times_log2_of_the_alphabet(password, bits):
    assert int(entropy_bits(password)) == bits


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Court-7-abc", "courte"),
        ("X7!kQ" * 26, "longue"),
        ("Azerty123456", "variete"),
        ("onlysmalletters", "variete"),
        ("aaaaaaaaaaaaaaaaaa", "devinable"),
        ("Password123456789", "devinable"),
        ("Cpam-Cerisier-47-Orage", "personnelle"),
        (f.PASSWORD, ""),
        ("Brouette satin cumulus fanfare", ""),
        ("tr0ub4dor&3-Zèbre", ""),
    ],
)
def test_a_password_is_judged_by_length_variety_and_guesses(password, code):
    assert refusal(password) == code


def test_128_characters_are_accepted_and_129_are_not():
    long = ("Brouette-Satin-Cumulus-Fanfare-" * 5)[:128]
    assert refusal(long) == ""
    assert refusal(long + "x") == "longue"


@pytest.mark.parametrize(
    "password", ["Elodie-Cerisier-Orage", "xx-GRANDFICTIF-47-xyz", "Orage-valbrume-47-Lanterne"]
)
def test_a_password_is_not_made_of_what_everybody_knows_of_its_owner(user, password):
    assert refusal(password, user) == "personnelle"


def test_an_agent_does_not_name_the_caisse():
    agent = f.utilisateur(Profil.AGENT, f.caisse(nom="CPAM de Montfictif"))
    assert "montfictif" in personal_words(agent)


def change(client, current=f.PASSWORD, new=NEW, again=None):
    data = {
        "mot_de_passe_actuel": current,
        "mot_de_passe": new,
        "confirmation": new if again is None else again,
    }
    return client.post(URL, data)


def test_changing_it_keeps_this_session_and_closes_the_others(client, user):
    sign_in(client, user)
    other = sign_in(StrangerClient(), user)
    assert change(client)["Location"] == "/mon-profil/"
    assert client.get("/mon-profil/").status_code == 200
    assert other.get("/mon-profil/").status_code == 302
    assert SessionOuverte.objects.filter(utilisateur=user).count() == 1
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert Courriel.objects.get().evenement == "mot_de_passe_change"
    assert Evenement.objects.filter(details__acte="mot_de_passe_changement").count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"current": "Faux-Mot-De-Passe-1"}, "Le mot de passe actuel est incorrect."),
        ({"new": f.PASSWORD}, "différent de l’actuel"),
        ({"new": "Azerty123456"}, "variez ses caractères"),
        ({"again": "Autre.Chose.33"}, "Les deux saisies sont différentes"),
    ],
)
def test_a_refused_change_says_why(client, user, fields, words):
    sign_in(client, user)
    response = change(client, **fields)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert NEW not in response.content.decode()


def test_guessing_the_current_password_ends_the_session(client, user):
    sign_in(client, user)
    for _ in range(4):
        assert change(client, current="Faux-Mot-De-Passe-1").status_code == 422
    assert change(client, current="Faux-Mot-De-Passe-1").status_code == 302
    assert not SessionOuverte.objects.filter(utilisateur=user).exists()


def aged(user, days):
    Utilisateur.objects.filter(pk=user.pk).update(mot_de_passe_le=clock.now() - timedelta(days=days))


@pytest.mark.parametrize("days", [334, 336, 359, 366])
def test_reminders_come_30_and_7_days_before_once(user, days):
    start = clock.now()
    aged(user, 0)
    for day in (334, 336, 359, 364, 366):
        if day <= days:
            with clock.at(start + timedelta(days=day)):
                expected = {336: 1, 359: 1}.get(day, 0)
                assert remind_of_expiry(100) == expected
                assert remind_of_expiry(100) == 0
    mails = Courriel.objects.filter(evenement="mot_de_passe_bientot_expire")
    assert sorted(m.donnees["jours"] for m in mails) == {334: [], 336: [30]}.get(days, [7, 30])


def test_late_reminders_skip_what_is_over(user):
    aged(user, 362)
    assert remind_of_expiry(100) == 1
    assert Courriel.objects.get().donnees == {"jours": 7}
    Courriel.objects.all().delete()
    aged(user, 400)
    assert remind_of_expiry(100) == 0


def test_nobody_is_reminded_when_regular_change_is_off(user, settings):
    settings.MOT_DE_PASSE_VALIDITE_JOURS = 0
    aged(user, 359)
    assert remind_of_expiry(100) == 0


def test_the_reminders_are_a_sweep(user):
    aged(user, 340)
    assert sweeps.run("rappels_mot_de_passe") == 1
    assert sweeps.run("rappels_mot_de_passe") == 0


def choose(user, password):
    """Choose a password by a reset link, then give the code of the refusal, or an empty string."""
    user.refresh_from_db()
    try:
        reset_password(user, password)
    except DomainError as error:
        return error.code
    return ""


def test_the_last_passwords_are_not_taken_again(user, settings):
    """Three kept: the one in use, the one before, the one before that; the fourth may come back."""
    settings.MOT_DE_PASSE_ANCIENS = 3
    Utilisateur.objects.filter(pk=user.pk).update(active_le=clock.now())
    chosen = [f"Grenier-lavande-{word}-tournevis" for word in ("bocal", "cerise", "dindon")]
    assert [choose(user, password) for password in chosen] == ["", "", ""]
    assert choose(user, chosen[2]) == "identique"
    assert choose(user, chosen[0]) == "ancien"
    assert choose(user, f.PASSWORD) == ""
    assert choose(user, chosen[0]) == ""
    kept = AncienMotDePasse.objects.filter(utilisateur=user)
    assert kept.count() == 3
    assert not any(password in row.empreinte for row in kept for password in chosen)


def test_the_password_of_before_the_history_counts(user):
    Utilisateur.objects.filter(pk=user.pk).update(active_le=clock.now())
    assert choose(user, "Grenier-lavande-bocal-tournevis") == ""
    assert choose(user, f.PASSWORD) == "ancien"


def test_a_profile_may_have_its_own_validity(user, settings):
    settings.MOT_DE_PASSE_VALIDITE_PROFILS = {"technicien": 180}
    colleague = f.utilisateur(Profil.GESTIONNAIRE, f.partenaire(f.caisse("422")))
    chosen = clock.now() - timedelta(days=175)
    Utilisateur.objects.update(active_le=chosen, mot_de_passe_le=chosen)
    assert remind_of_expiry(100) == 1
    assert Courriel.objects.get().destinataire_id == user.pk
    with clock.at(clock.now() + timedelta(days=6)):
        user.refresh_from_db()
        colleague.refresh_from_db()
        assert password_expired(user)
        assert not password_expired(colleague)
