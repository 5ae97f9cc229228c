"""Signing in through an OpenID Connect provider, played against a real one: binding, entering, what is refused."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import connection, transaction

from accounts.enums import MotifInactivation, Profil
from accounts.memberships import membership_of
from accounts.models import IdentiteProConnect, Utilisateur
from accounts.operations.gestionnaires import inactivate_compte
from accounts.proconnect import Provider
from portal import clock
from portal.audit.models import Evenement, Verbe
from portal.courriels.models import Courriel
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.oidc import PERSONNE, query_of
from tests.fixtures.signing_in import sign_in, totp_device

pytestmark = pytest.mark.django_db
START, BACK, BIND = "/connexion/proconnect/", "/connexion/proconnect/retour/", "/mon-profil/proconnect/"
PROFILE = "/mon-profil/"


@pytest.fixture
def user():
    return f.utilisateur(
        Profil.TECHNICIEN, f.partenaire(f.caisse()), password=f.PASSWORD, active_le=clock.now()
    )


@pytest.fixture
def bound(provider, user):
    """The account, bound to the person the provider knows."""
    IdentiteProConnect.objects.create(
        utilisateur=user, emetteur=provider.url, sujet=PERSONNE, reliee_le=clock.now()
    )
    totp_device(user)
    return user


def back_of(client, provider, start=START, sub=PERSONNE):
    """Leave for the provider, sign in there, and give the address one is sent back to."""
    away = client.get(start)
    assert away["Location"].startswith(provider.url)
    return provider.approve(away["Location"], sub)


def last_refusal():
    return Evenement.objects.filter(verbe=Verbe.CONNEXION_REFUSEE).latest("pk").details["motif"]


def test_it_is_off_by_default_and_not_shown(client):
    assert "ProConnect" not in client.get("/connexion/").text
    assert client.get(START).status_code == 404


def test_the_holder_binds_the_account_with_its_password_then_signs_in_by_it(client, provider, user):
    totp_device(user)
    sign_in(client, user)
    assert "Relier mon compte à ProConnect" in client.get(PROFILE).text
    assert client.get(back_of(client, provider, BIND))["Location"] == BIND
    assert "personne@ccas.example" in client.get(BIND).text
    wrong = client.post(BIND, {"mot_de_passe": "Autre-Chose-Que-Cela-9"})
    assert wrong.status_code == 422
    assert not IdentiteProConnect.objects.exists()
    assert client.post(BIND, {"mot_de_passe": f.PASSWORD})["Location"] == PROFILE
    row = IdentiteProConnect.objects.get()
    assert (row.utilisateur, row.emetteur, row.sujet) == (user, provider.url, PERSONNE)
    assert Courriel.objects.filter(destinataire=user, evenement="connexion_proconnect").count() == 1

    visitor = StrangerClient()
    assert "Se connecter avec ProConnect" in visitor.get("/connexion/").text
    entered = visitor.get(back_of(visitor, provider, f"{START}?next=/mon-profil/"))
    assert entered["Location"] == PROFILE
    assert visitor.get(PROFILE)["Location"].startswith("/connexion/code/")


def test_it_leaves_with_a_state_a_nonce_and_a_challenge(client, provider):
    sent = query_of(client.get(START)["Location"])
    assert sent["response_type"] == "code"
    assert sent["code_challenge_method"] == "S256"
    assert min(len(sent[name]) for name in ("state", "nonce", "code_challenge")) >= 32
    assert sent["redirect_uri"].endswith(BACK)


def test_somebody_unknown_is_refused_and_no_account_is_made(client, provider, user):
    """The address says nothing: that of an account opens it no more than another."""
    provider.knows("inconnue", email=user.courriel)
    count = Utilisateur.objects.count()
    response = client.get(back_of(client, provider, sub="inconnue"))
    assert response.status_code == 403
    assert "n’ouvre aucun compte" in response.text
    assert Utilisateur.objects.count() == count
    assert last_refusal() == "proconnect_inconnue"
    assert client.get(PROFILE)["Location"].startswith("/connexion/?")


def test_an_inactive_account_reads_the_same(client, provider, bound):
    Utilisateur.objects.filter(pk=bound.pk).update(is_active=False, inactive_le=clock.now())
    response = client.get(back_of(client, provider))
    assert response.status_code == 403
    assert "n’ouvre aucun compte" in response.text


def test_an_account_that_is_closed_is_bound_no_more(provider):
    caisse = f.caisse()
    agent, admin = f.utilisateur(Profil.AGENT, caisse), f.utilisateur(Profil.ADMIN_CAISSE, caisse)
    IdentiteProConnect.objects.create(utilisateur=agent, emetteur="x", sujet="y", reliee_le=clock.now())
    inactivate_compte(actor=membership_of(admin), compte=agent, motif=MotifInactivation.DEPART)
    assert not IdentiteProConnect.objects.exists()


def test_the_way_back_serves_once(client, provider, bound):
    back = back_of(client, provider)
    assert client.get(back).status_code == 302
    again = StrangerClient()
    assert again.get(back).status_code == 403
    assert last_refusal() == "proconnect_etat"
    client.post("/deconnexion/")
    assert client.get(back).status_code == 403


def test_a_code_serves_once_at_the_provider_too(client, provider, bound):
    used = query_of(back_of(client, provider))
    assert client.get(BACK, used).status_code == 302
    other = StrangerClient()
    fresh = query_of(other.get(START)["Location"])
    assert other.get(BACK, {"code": used["code"], "state": fresh["state"]}).status_code == 403
    assert last_refusal() == "proconnect_proconnect"


def test_another_state_is_refused(client, provider, bound):
    query = query_of(back_of(client, provider))
    assert client.get(BACK, {**query, "state": "autre"}).status_code == 403


def test_another_nonce_is_refused(client, provider, bound):
    back = back_of(client, provider)
    session = client.session
    for kept in session["oidc_states"].values():
        kept["nonce"] = "autre"
    session.save()
    assert client.get(back).status_code == 403


@pytest.mark.parametrize("name", ["PROCONNECT_ISSUER", "OIDC_RP_CLIENT_ID", "OIDC_OP_TOKEN_ENDPOINT"])
def test_another_issuer_another_audience_or_no_answer_is_refused(client, provider, bound, settings, name):
    back = back_of(client, provider)
    setattr(settings, name, "http://127.0.0.1:9/autre")
    assert client.get(back).status_code == 403


def test_the_signature_of_somebody_else_is_refused(client, provider, bound, settings):
    other = rsa.generate_private_key(65537, 2048).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    settings.OIDC_RP_IDP_SIGN_KEY = other.public_bytes(serialization.Encoding.PEM, form)
    assert client.get(back_of(client, provider)).status_code == 403


def test_coming_back_too_late_is_refused(client, provider, bound):
    back = back_of(client, provider)
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert client.get(back).status_code == 403


def test_a_refusal_of_the_provider_is_said(client, provider):
    state = query_of(client.get(START)["Location"])["state"]
    response = client.get(BACK, {"error": "access_denied", "state": state})
    assert response.status_code == 403
    assert "ProConnect n’a pas confirmé votre identité." in response.text


@pytest.mark.parametrize(("accepted", "open_at_once"), [([], False), (["eidas2"], True), (["eidas3"], False)])
def test_the_second_factor_stays_unless_the_level_said_so(
    client, provider, bound, settings, accepted, open_at_once
):
    settings.PROCONNECT_ACR_SECOND_FACTEUR = accepted
    provider.knows(PERSONNE, email="personne@ccas.example", acr="eidas2")
    client.get(back_of(client, provider))
    assert (client.get(PROFILE).status_code == 200) is open_at_once
    # What is sensitive always asks for the portal's own.
    assert client.post("/mon-profil/codes-de-secours/")["Location"].startswith("/connexion/code/")


def test_the_administration_always_asks_for_its_own(client, provider, settings):
    settings.PROCONNECT_ACR_SECOND_FACTEUR = ["eidas2"]
    provider.knows(PERSONNE, acr="eidas2")
    admin = f.utilisateur(Profil.ADMIN_CAISSE, f.caisse(), active_le=clock.now())
    IdentiteProConnect.objects.create(
        utilisateur=admin, emetteur=provider.url, sujet=PERSONNE, reliee_le=clock.now()
    )
    client.get(back_of(client, provider))
    assert client.get(PROFILE)["Location"].startswith("/connexion/second-facteur/")


def test_an_identity_opens_one_account(client, provider, bound):
    other = f.utilisateur(Profil.TECHNICIEN, f.partenaire(f.caisse("422")), password=f.PASSWORD)
    sign_in(client, other)
    client.get(back_of(client, provider, BIND))
    response = client.post(BIND, {"mot_de_passe": f.PASSWORD})
    assert response.status_code == 422
    assert "ouvre déjà un autre compte" in response.text


def test_binding_asks_for_a_recent_second_factor_and_undoing_too(client, provider, bound):
    sign_in(client, bound, recent=False)
    assert client.get(BIND)["Location"].startswith("/connexion/code/")
    assert client.post(f"{BIND}delier/")["Location"].startswith("/connexion/code/")
    sign_in(client, bound)
    assert client.post(f"{BIND}delier/")["Location"] == PROFILE
    assert not IdentiteProConnect.objects.exists()


def test_signing_out_goes_on_at_the_provider_and_comes_back(client, provider, bound):
    client.get(back_of(client, provider))
    away = client.post("/deconnexion/")["Location"]
    assert away.startswith(f"{provider.url}/oauth2/end_session")
    assert query_of(away)["id_token_hint"].count(".") == 2
    assert urlsplit(query_of(away)["post_logout_redirect_uri"]).path == "/connexion/"
    assert requests.get(away, timeout=10).status_code == 200
    assert client.get(PROFILE)["Location"].startswith("/connexion/?")


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_the_provider(client, provider, monkeypatch):
    open_ones = []
    asked = Provider.get_token

    def seen(self, payload):
        open_ones.append(connection.in_atomic_block)
        return asked(self, payload)

    monkeypatch.setattr(Provider, "get_token", seen)
    with transaction.atomic():
        person = f.utilisateur(Profil.TECHNICIEN, f.partenaire(f.caisse()), active_le=clock.now())
        totp_device(person)
        sign_in(client, person)
    assert client.get(back_of(client, provider, BIND))["Location"] == BIND
    assert open_ones == [False]
