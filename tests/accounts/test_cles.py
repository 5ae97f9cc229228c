"""Passkeys: registering, signing in, what is refused, naming and removing."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.enums import Profil
from accounts.models import CleAcces, CodeSecours
from accounts.operations.cles import Site
from accounts.operations.second_factor import new_codes
from accounts.stepping_up import VERIFIED_AT
from portal import clock
from portal.audit.models import Evenement, Verbe
from portal.courriels.models import Courriel
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.authenticator import Authenticator
from tests.fixtures.signing_in import passkey, sign_in, totp_device

pytestmark = pytest.mark.django_db
PROFILE, CODE, KEY = "/mon-profil/", "/connexion/code/", "/connexion/code/cle/"
ADD = "/mon-profil/cles-d-acces/ajouter/"


@pytest.fixture
def user():
    return f.utilisateur(Profil.AGENT, f.caisse())


def options_of(response):
    """What a page gives the browser."""
    return json.loads(html.unescape(re.search(r'data-ep-passkey-options="([^"]+)"', response.text)[1]))


def add(client, key, nom="Clé USB"):
    return client.post(ADD, {"nom": nom, "reponse": key.make(options_of(client.get(ADD)))})


def enrol(client, user):
    """Sign in with an application and recovery codes."""
    sign_in(client, user)
    new_codes(user)


@pytest.fixture
def key(client, user):
    """A key the account has registered; its client is signed in."""
    enrol(client, user)
    made = Authenticator()
    assert add(client, made)["Location"] == PROFILE
    return made


@pytest.fixture
def half_signed(user, key):
    """Another browser, past the password."""
    return sign_in(StrangerClient(), user, verified=False)


def test_a_key_is_registered_told_journaled_and_closes_the_other_sessions(client, user):
    enrol(client, user)
    other = sign_in(StrangerClient(), user)
    assert add(client, Authenticator()).status_code == 302
    assert CleAcces.objects.get(user=user).name == "Clé USB"
    assert "Clé USB" in client.get(PROFILE).text
    assert other.get(PROFILE)["Location"].startswith("/connexion/?")
    assert Courriel.objects.filter(destinataire=user, evenement="second_facteur_change").count() == 1
    acts = Evenement.objects.filter(verbe=Verbe.SECOND_FACTEUR).values_list("details__acte", flat=True)
    assert list(acts) == ["cle_ajoutee"]


def test_adding_one_asks_for_a_recent_second_factor(client, user):
    sign_in(client, user, recent=False)
    assert client.get(ADD)["Location"].startswith(CODE)


def test_it_may_be_the_first_second_factor_and_brings_recovery_codes(client, user):
    sign_in(client, user, verified=False)
    assert client.get(PROFILE)["Location"].startswith("/connexion/second-facteur/")
    assert add(client, Authenticator()).text.count("<code>") == 10
    assert client.get(PROFILE).status_code == 200


def test_it_opens_the_rest_with_a_new_session_key_and_counts_as_recent(half_signed, key, user):
    page = half_signed.get(f"{CODE}?next=/mon-profil/")
    before = half_signed.session.session_key
    response = half_signed.post(KEY, {"reponse": key.sign(options_of(page)), "next": PROFILE})
    assert response["Location"] == PROFILE
    assert half_signed.session.session_key != before
    assert half_signed.get(ADD).status_code == 200
    assert CleAcces.objects.get(user=user).compteur == 1


def test_the_application_still_opens_it(half_signed, key):
    page = half_signed.get(CODE).text
    assert "Code à usage unique" in page
    assert "Utiliser ma clé d’accès" in page


def test_an_answer_serves_once(half_signed, key, user):
    answer = key.sign(options_of(half_signed.get(CODE)))
    assert half_signed.post(KEY, {"reponse": answer}).status_code == 302
    again = sign_in(StrangerClient(), user, verified=False)
    again.get(CODE)
    assert again.post(KEY, {"reponse": answer}).status_code == 422
    assert again.post(KEY, {"reponse": answer}).status_code == 422
    refused = Evenement.objects.filter(verbe=Verbe.CONNEXION_REFUSEE, details__motif="cle")
    assert refused.count() == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: setattr(key, "origin", "https://espace-partenaires.example"),
        lambda key: setattr(key, "name", "autre.example"),
        lambda key: setattr(key, "key", Authenticator().key),
        lambda key: setattr(key, "number", b"inconnue"),
    ],
)
def test_another_site_another_key_or_another_number_is_refused(half_signed, key, spoil):
    spoil(key)
    response = half_signed.post(KEY, {"reponse": key.sign(options_of(half_signed.get(CODE)))})
    assert response.status_code == 422
    assert "La clé d’accès n’a pas été reconnue." in response.text
    assert half_signed.get(PROFILE).status_code == 302


def test_a_counter_that_goes_back_is_a_copy(half_signed, key, user):
    CleAcces.objects.filter(user=user).update(compteur=5)
    response = half_signed.post(KEY, {"reponse": key.sign(options_of(half_signed.get(CODE)))})
    assert response.status_code == 422


@pytest.mark.parametrize("answer", ["", "[]", "{}", "pas du JSON", '{"id": 3}', "x" * 30_000])
def test_nonsense_is_refused_plainly(half_signed, answer):
    half_signed.get(CODE)
    assert half_signed.post(KEY, {"reponse": answer}).status_code == 422


def test_the_key_of_somebody_else_opens_nothing(half_signed, key):
    stranger = f.utilisateur(Profil.AGENT, f.caisse("422"))
    passkey(stranger)
    client = sign_in(StrangerClient(), stranger, verified=False)
    assert client.post(KEY, {"reponse": key.sign(options_of(client.get(CODE)))}).status_code == 422


def test_the_same_key_is_not_registered_twice(client, key):
    assert "déjà enregistrée" in add(client, key).text


def test_it_is_renamed_then_removed_and_no_longer_opens_anything(client, user, key, half_signed):
    row = CleAcces.objects.get(user=user)
    page = half_signed.get(CODE)
    url = f"/mon-profil/cles-d-acces/{row.pk}/"
    assert client.post(url, {"nom": "Téléphone"})["Location"] == PROFILE
    assert "Téléphone" in client.get(PROFILE).text
    totp_device(user)
    client.post(url, {"acte": "retirer"})
    assert not CleAcces.objects.filter(user=user).exists()
    assert half_signed.post(KEY, {"reponse": key.sign(options_of(page))}).status_code == 302
    assert half_signed.get(PROFILE).status_code == 302


def test_the_only_second_factor_is_not_removed(client, user):
    sign_in(client, user, verified=False)
    add(client, Authenticator())
    row = CleAcces.objects.get(user=user)
    response = client.post(f"/mon-profil/cles-d-acces/{row.pk}/", {"acte": "retirer"})
    assert response.status_code == 422
    assert "votre seul second facteur" in response.text
    assert CodeSecours.objects.filter(user=user).exists()


def test_a_page_costs_no_query_more_than_with_an_application(client, user):
    """The keys are read with the session, as the applications are."""
    sign_in(client, user)
    client.get("/accessibilite/")
    with CaptureQueriesContext(
        connection,
    ) as with_application:
        client.get("/accessibilite/")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = passkey(user).persistent_id
    session[VERIFIED_AT] = int((clock.now() - timedelta(minutes=1)).timestamp())
    session.save()
    with CaptureQueriesContext(connection) as with_key:
        assert client.get("/accessibilite/").context["user"].is_verified()
    assert len(with_key) == len(with_application)


@pytest.mark.parametrize(("name", "can"), [("127.0.0.1", False), ("[::1]", False), ("localhost", True)])
def test_a_bare_address_has_no_keys(name, can):
    assert Site(name, "").can_have_keys is can
