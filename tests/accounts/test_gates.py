"""What must be settled before anything else: the order, what stays open, background requests."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Profil
from accounts.models import AcceptationCgu, Utilisateur, VersionCgu
from portal import clock
from portal.audit.models import Evenement, Verbe
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.signing_in import sign_in, totp_device

pytestmark = pytest.mark.django_db
PROFILE = "/mon-profil/"


@pytest.fixture
def user():
    return f.utilisateur(Profil.TECHNICIEN, f.partenaire(f.caisse()), password=f.PASSWORD)


def version(numero="1.0", days=10, **fields):
    values = {"resume": "Un engagement.\nUn autre.", "texte": "Article 1\n\nTexte.", **fields}
    return VersionCgu.objects.create(numero=numero, publiee_le=clock.now() - timedelta(days=days), **values)


def age_password(user, days):
    Utilisateur.objects.filter(pk=user.pk).update(mot_de_passe_le=clock.now() - timedelta(days=days))


def test_the_steps_come_in_order(client, user):
    version()
    age_password(user, 400)
    sign_in(client, user, verified=False, cgu=False)
    assert client.get(PROFILE)["Location"] == "/connexion/second-facteur/?next=%2Fmon-profil%2F"
    sign_in(client, user, cgu=False)
    assert client.get(PROFILE)["Location"] == "/mon-profil/mot-de-passe/?next=%2Fmon-profil%2F"
    age_password(user, 1)
    assert client.get(PROFILE)["Location"] == "/conditions/?next=%2Fmon-profil%2F"
    sign_in(client, user)
    assert client.get(PROFILE).status_code == 200


@pytest.mark.parametrize("url", ["/admin/", "/espace-partenaire/comptes/", PROFILE])
def test_nothing_else_is_reachable_before(client, user, url):
    totp_device(user)
    sign_in(client, user, verified=False)
    response = client.get(url)
    assert response.status_code in {302, 404}
    if response.status_code == 302:
        assert response["Location"].startswith("/connexion/code/")


@pytest.mark.parametrize("url", ["/etat/", "/accessibilite/", "/mentions-legales/"])
def test_public_pages_stay_open(client, user, url):
    totp_device(user)
    sign_in(client, user, verified=False)
    response = client.get(url)
    assert response.status_code == 200
    assert getattr(response.wsgi_request, "membership", None) is None


def test_signing_out_stays_possible(client, user):
    totp_device(user)
    sign_in(client, user, verified=False)
    assert client.post("/deconnexion/")["Location"].startswith("/connexion/")


def test_scripts_are_told_where_to_go(client, user):
    totp_device(user)
    sign_in(client, user, verified=False)
    response = client.get(PROFILE, HTTP_ACCEPT="application/json")
    assert response.status_code == 401
    assert response.json()["connexion"] == "/connexion/code/"
    response = client.get(
        PROFILE, HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/mon-profil/?a=1"
    )
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/connexion/code/?next=%2Fmon-profil%2F%3Fa%3D1"


def test_an_old_password_is_changed_before_going_on(client, user):
    age_password(user, 365)
    sign_in(client, user)
    url = client.get(PROFILE)["Location"]
    assert "plus de 365 jours" in client.get(url).content.decode()
    new = "Brouette.Satin.Cumulus.52"
    data = {"mot_de_passe_actuel": f.PASSWORD, "mot_de_passe": new, "confirmation": new, "next": PROFILE}
    assert client.post(url, data)["Location"] == PROFILE
    assert client.get(PROFILE).status_code == 200


def test_regular_change_can_be_switched_off(client, user, settings):
    settings.MOT_DE_PASSE_VALIDITE_JOURS = 0
    age_password(user, 4000)
    assert sign_in(client, user).get(PROFILE).status_code == 200


def test_the_conditions_are_accepted_once_with_date_and_address(client, user):
    current = version()
    sign_in(client, user, cgu=False)
    page = client.get("/conditions/").content.decode()
    assert "Un engagement." in page
    assert "J’accepte les conditions" in page
    response = client.post("/conditions/", {"version": current.pk, "next": PROFILE})
    assert response["Location"] == PROFILE
    client.post("/conditions/", {"version": current.pk})
    assert AcceptationCgu.objects.filter(utilisateur=user, version=current).count() == 1
    event = Evenement.objects.get(verbe=Verbe.CGU)
    assert (event.acteur_id, event.details, event.adresse) == (user.pk, {"version": "1.0"}, "127.0.0.1")
    assert client.get(PROFILE).status_code == 200


def test_a_new_version_is_asked_for_with_what_changed(client, user):
    version()
    sign_in(client, user)
    assert client.get(PROFILE).status_code == 200
    from django.core.cache import cache

    version("2.0", days=0, changements="Les photos sont acceptées.")
    cache.clear()
    url = client.get(PROFILE)["Location"]
    page = client.get(url).content.decode()
    assert "depuis la version 1.0" in page
    assert "Les photos sont acceptées." in page


def test_a_version_published_meanwhile_is_read_first(client, user):
    former = version()
    sign_in(client, user, cgu=False)
    version("2.0", days=0)
    response = client.post("/conditions/", {"version": former.pk})
    assert response.status_code == 422
    assert not AcceptationCgu.objects.filter(utilisateur=user).exists()


def test_a_version_to_come_asks_nothing_yet(client, user):
    version("3.0", days=-5)
    assert sign_in(client, user, cgu=False).get(PROFILE).status_code == 200


def test_only_accepted_versions_can_be_read_again(client, user):
    version()
    version("0.9", days=20)
    sign_in(client, user)
    assert client.get("/conditions/1.0/").status_code == 200
    assert client.get("/conditions/0.9/").status_code == 404
    assert StrangerClient().get("/conditions/1.0/").status_code == 302


def test_an_account_without_role_is_told_so(client, user):
    user.rolepartenaire_set.all().delete()
    sign_in(client, user)
    response = client.get(PROFILE)
    assert response.status_code == 403
    assert "Votre compte n’a pas d’accès" in response.content.decode()
    assert client.get("/etat/").status_code == 200


def test_a_role_taken_away_counts_at_the_next_request(client, user):
    sign_in(client, user)
    assert client.get(PROFILE).status_code == 200
    user.rolepartenaire_set.all().delete()
    assert client.get(PROFILE).status_code == 403


def test_the_gates_cost_no_query_once_settled(client, user):
    version()
    sign_in(client, user)
    client.get("/accessibilite/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/accessibilite/")
    read = [query["sql"] for query in queries]
    assert not [sql for sql in read if "cgu" in sql]
    assert len([sql for sql in read if "otp_totp" in sql]) == 1
    assert len([sql for sql in read if "accounts_rolepartenaire" in sql]) == 1
