"""The second factor: code, replay, throttling, recovery codes, enrolment, step-up."""

import re
from datetime import timedelta

import pytest
import time_machine
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import queries
from accounts.enums import Profil
from accounts.models import CodeSecours
from accounts.operations.second_factor import regenerate_codes
from portal import clock
from portal.audit.models import Evenement, Verbe
from portal.courriels.models import Courriel
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.signing_in import sign_in, totp_device

pytestmark = pytest.mark.django_db
CODE, ENROL = "/connexion/code/", "/connexion/second-facteur/"


@pytest.fixture
def structure():
    return f.partenaire(f.caisse())


@pytest.fixture
def user(structure):
    return f.utilisateur(Profil.TECHNICIEN, structure)


def code_of(device, steps=0):
    """The code of the moment, or of a later step."""
    device.refresh_from_db()
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = clock.now().timestamp() + steps * device.step
    return f"{totp.token():06d}"


@pytest.fixture
def still():
    """The clock stands: a slow machine does not wait the penalty out."""
    with time_machine.travel(clock.now(), tick=False):
        yield


@pytest.fixture
def half_signed(client, user):
    """Past the password, before the code."""
    totp_device(user)
    return sign_in(client, user, verified=False)


def test_the_code_opens_the_rest_and_renews_the_session_key(half_signed, user):
    before = half_signed.session.session_key
    assert half_signed.get("/mon-profil/")["Location"] == f"{CODE}?next=%2Fmon-profil%2F"
    response = half_signed.post(CODE, {"code": code_of(totp_device(user)), "next": "/mon-profil/"})
    assert response["Location"] == "/mon-profil/"
    assert half_signed.session.session_key != before
    assert half_signed.get("/mon-profil/").status_code == 200
    assert Evenement.objects.filter(verbe=Verbe.SECOND_FACTEUR, acteur_id=user.pk).exists()


def test_a_code_may_be_typed_in_two_groups(half_signed, user):
    code = code_of(totp_device(user))
    assert half_signed.post(CODE, {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


def test_a_code_serves_once(half_signed, user):
    code = code_of(totp_device(user))
    assert half_signed.post(CODE, {"code": code}).status_code == 302
    second = sign_in(StrangerClient(), user, verified=False)
    response = second.post(CODE, {"code": code})
    assert response.status_code == 422
    assert "il a déjà servi" in response.content.decode()


def test_wrong_codes_are_slowed_down_then_the_right_one_waits(half_signed, user, still):
    statuses = [half_signed.post(CODE, {"code": "000000"}).status_code for _ in range(10)]
    assert statuses[0] == 422
    assert statuses[1:] == [429] * 9
    response = half_signed.post(CODE, {"code": code_of(totp_device(user))})
    assert response.status_code == 429
    assert int(response["Retry-After"]) >= 1
    assert "Trop d’essais. Attendez" in response.content.decode()


def test_something_else_than_six_digits_is_not_tried(half_signed, user):
    response = half_signed.post(CODE, {"code": "abc"})
    assert response.status_code == 422
    assert totp_device(user).throttling_failure_count == 0


def test_a_recovery_code_serves_once_and_is_stored_hashed(half_signed, user):
    codes = regenerate_codes(user, session_key=half_signed.session.session_key)
    assert len(codes) == 10
    stored = CodeSecours.objects.get(user=user)
    assert not any(code.replace("-", "") in str(stored.__dict__) for code in codes)
    typed = codes[0].lower().replace("-", " ")
    assert half_signed.post(f"{CODE}?secours=1", {"code": typed}).status_code == 302
    assert half_signed.get("/mon-profil/").status_code == 200
    again = sign_in(StrangerClient(), user, verified=False)
    assert again.post(f"{CODE}?secours=1", {"code": codes[0]}).status_code == 422
    assert len(CodeSecours.objects.get(user=user).empreintes) == 9


def test_wrong_recovery_codes_are_slowed_down(half_signed, user, still):
    codes = regenerate_codes(user, session_key=half_signed.session.session_key)
    assert half_signed.post(f"{CODE}?secours=1", {"code": "00000-00000"}).status_code == 422
    assert half_signed.post(f"{CODE}?secours=1", {"code": codes[0]}).status_code == 429


def test_the_last_recovery_codes_are_announced(half_signed, user):
    codes = regenerate_codes(user, session_key=half_signed.session.session_key)
    row = CodeSecours.objects.get(user=user)
    row.empreintes = row.empreintes[:4]
    row.save()
    half_signed.post(f"{CODE}?secours=1", {"code": codes[0]})
    assert "Il vous reste 3 codes de secours" in half_signed.get("/mon-profil/").content.decode()


def test_a_technicien_without_telephone_is_told_whom_to_ask(half_signed, structure):
    f.utilisateur(Profil.GESTIONNAIRE, structure, prenom="Alix", nom="Exemple")
    assert "Alix Exemple" in half_signed.get(CODE).content.decode()


@pytest.mark.parametrize("profil", [Profil.AGENT, Profil.SUPERVISEUR, Profil.ADMIN_CAISSE])
def test_the_caisse_side_always_enrols(client, profil):
    agent = f.utilisateur(profil, f.caisse(second_facteur_partenaires=False))
    sign_in(client, agent, verified=False)
    assert client.get("/mon-profil/")["Location"].startswith(ENROL)


def test_the_national_administrator_enrols(client):
    sign_in(client, f.utilisateur(Profil.NATIONAL, None), verified=False)
    assert client.get("/mon-profil/")["Location"].startswith(ENROL)


@pytest.mark.parametrize(("first", "second", "asked"), [(True, False, True), (False, False, False)])
def test_a_partner_enrols_when_one_of_its_caisses_wants_it(client, first, second, asked):
    doubs = f.caisse("251", second_facteur_partenaires=first)
    loire = f.caisse("422", second_facteur_partenaires=second)
    partenaire = f.partenaire(doubs)
    f.convention(partenaire, doubs)
    f.convention(partenaire, loire)
    sign_in(client, f.utilisateur(Profil.TECHNICIEN, partenaire), verified=False)
    assert (client.get("/mon-profil/").status_code == 302) == asked


def test_enrolling_shows_the_secret_then_the_recovery_codes_once(client, user):
    sign_in(client, user, verified=False)
    page = client.get(ENROL).content.decode()
    device = TOTPDevice.objects.get(user=user, confirmed=False)
    assert "data:image/svg+xml" in page
    assert "otpauth" not in page
    wrong = client.post(ENROL, {"code": "000000"})
    assert wrong.status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0)
    response = client.post(ENROL, {"code": code_of(device), "next": "/mon-profil/"})
    codes = re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", response.content.decode())
    assert len(codes) == 10
    assert "download=" in response.content.decode()
    assert queries.totp_device_of(user) == device
    assert client.get("/mon-profil/").status_code == 200
    assert codes[0] not in client.get("/mon-profil/").content.decode()
    assert Courriel.objects.filter(destinataire=user, evenement="second_facteur_change").count() == 1


def test_an_enrolled_account_cannot_enrol_again_without_its_code(half_signed):
    assert half_signed.get(ENROL)["Location"].startswith(CODE)


def test_replacing_the_application_needs_a_recent_code_and_closes_other_sessions(client, user):
    sign_in(client, user, recent=False)
    other = sign_in(StrangerClient(), user)
    assert client.get(ENROL)["Location"] == f"{CODE}?next=%2Fconnexion%2Fsecond-facteur%2F"
    assert client.post(CODE, {"code": code_of(totp_device(user)), "next": ENROL})["Location"] == ENROL
    client.get(ENROL)
    fresh = TOTPDevice.objects.get(user=user, confirmed=False)
    assert client.post(ENROL, {"code": code_of(fresh)}).status_code == 200
    assert list(TOTPDevice.objects.filter(user=user)) == [fresh]
    assert client.get("/mon-profil/").status_code == 200
    assert other.get("/mon-profil/")["Location"].startswith("/connexion/?")


def test_new_recovery_codes_need_a_code_of_less_than_fifteen_minutes(client, user):
    sign_in(client, user, recent=False)
    url = "/mon-profil/codes-de-secours/"
    assert client.post(url)["Location"].startswith(CODE)
    client.post(CODE, {"code": code_of(totp_device(user))})
    assert client.post(url).status_code == 200
    assert client.get(url).status_code == 405
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert client.post(url)["Location"].startswith(CODE)


def test_the_demonstration_gives_a_code_that_works(half_signed, user, settings):
    settings.DEMO = True
    shown = re.search(r'ep-copy__value">(\d{6})<', half_signed.get(CODE).content.decode())
    assert half_signed.post(CODE, {"code": shown[1]}).status_code == 302
    again = sign_in(StrangerClient(), user, verified=False)
    shown = re.search(r'ep-copy__value">(\d{6})<', again.get(CODE).content.decode())
    assert again.post(CODE, {"code": shown[1]}).status_code == 302


def test_outside_the_demonstration_no_code_is_shown(half_signed):
    assert "Démonstration" not in half_signed.get(CODE).content.decode()


def test_changing_anything_in_the_admin_needs_a_recent_code(client):
    caisse = f.caisse()
    sign_in(client, f.utilisateur(Profil.ADMIN_CAISSE, caisse))
    change = f"/admin/caisses/caisse/{caisse.pk}/change/"
    assert client.get(change).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=14)):
        client.get("/admin/")
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert client.get("/admin/").status_code == 200
        response = client.get(change)
        assert response["Location"].startswith(f"{CODE}?next=%2Fadmin%2F")
        # A form that was opened in time is not lost.
        assert "connexion" not in client.post(change, {}).get("Location", "")
    with clock.at(clock.now() + timedelta(minutes=30)):
        client.get("/admin/")
    with clock.at(clock.now() + timedelta(minutes=46)):
        assert client.post(change, {})["Location"].startswith(CODE)
