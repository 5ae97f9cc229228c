"""The limits of a session, its extension, the others, and what ends it from elsewhere."""

from datetime import timedelta

import pytest

from accounts.enums import MotifInactivation, Profil
from accounts.models import SessionOuverte, Utilisateur
from accounts.sessions import mark_of
from portal import clock, sweeps
from portal.audit.models import Evenement, Verbe
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db
PROFILE, EXTEND = "/mon-profil/", "/session/prolonger/"


@pytest.fixture
def user():
    return f.utilisateur(Profil.TECHNICIEN, f.partenaire(f.caisse()), password=f.PASSWORD)


@pytest.fixture
def signed(client, user):
    sign_in(client, user)
    assert client.get(PROFILE).status_code == 200
    return client


def after(**delta):
    return clock.at(clock.now() + timedelta(**delta))


def test_half_an_hour_without_activity_ends_it(signed):
    with after(minutes=29, seconds=50):
        assert signed.get(PROFILE).status_code == 200
    with after(minutes=29 + 32):
        response = signed.get(f"{PROFILE}?a=1")
        assert response["Location"] == "/connexion/?fin=inactivite&next=%2Fmon-profil%2F%3Fa%3D1"
    page = signed.get(response["Location"]).content.decode()
    assert "Votre session a pris fin. Vos brouillons sont conservés." in page
    assert 'name="next" value="/mon-profil/?a=1"' in page
    assert Evenement.objects.get(verbe=Verbe.DECONNEXION).details == {"motif": "inactivite"}


def test_activity_keeps_it_but_never_beyond_ten_hours(signed):
    for quarter in range(1, 40):
        with after(minutes=15 * quarter):
            assert signed.get(PROFILE).status_code == 200, quarter
    with after(hours=10, minutes=1):
        assert signed.get(PROFILE)["Location"].startswith("/connexion/?fin=duree")


def test_the_activity_is_written_at_most_once_a_minute(signed):
    signed.get("/accessibilite/")
    row = SessionOuverte.objects.get(pk=signed.session.session_key)
    signed.get("/accessibilite/")
    assert SessionOuverte.objects.get(pk=row.pk).vue_le == row.vue_le
    with after(seconds=61):
        signed.get("/accessibilite/")
    assert SessionOuverte.objects.get(pk=row.pk).vue_le > row.vue_le


def test_extending_moves_the_end(signed):
    with after(minutes=28):
        response = signed.post(EXTEND, HTTP_ACCEPT="application/json")
        assert response.json() == {"reste": 1800}
    with after(minutes=50):
        assert signed.get(PROFILE).status_code == 200


def test_extending_says_what_is_left_of_the_ten_hours(signed):
    for quarter in range(1, 40):
        with after(minutes=15 * quarter):
            answer = signed.post(EXTEND, HTTP_ACCEPT="application/json").json()
    assert answer["reste"] < 901


def test_extending_is_a_post_and_says_when_it_is_too_late(signed):
    assert signed.get(EXTEND).status_code == 405
    with after(minutes=40):
        assert signed.post(EXTEND, HTTP_ACCEPT="application/json").status_code == 401
    assert signed.post(EXTEND, HTTP_ACCEPT="application/json").status_code == 401


def test_a_script_learns_that_the_session_is_over(signed):
    with after(minutes=40):
        response = signed.post(
            PROFILE,
            HTTP_HX_REQUEST="true",
            HTTP_HX_CURRENT_URL="http://testserver/mon-profil/",
        )
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/connexion/?fin=inactivite&next=%2Fmon-profil%2F"


def test_a_form_sent_too_late_comes_back_to_its_page(signed):
    with after(minutes=40):
        response = signed.post(PROFILE, HTTP_REFERER="http://testserver/mon-profil/?b=2")
    assert response["Location"].endswith("next=%2Fmon-profil%2F%3Fb%3D2")


def test_a_foreign_referer_is_not_followed(signed):
    with after(minutes=40):
        response = signed.post(PROFILE, HTTP_REFERER="https://evil.example/mon-profil/")
    assert response["Location"] == "/connexion/?fin=inactivite"


def test_the_dialog_knows_both_limits(signed):
    page = signed.get(PROFILE).content.decode()
    assert 'data-idle-seconds="1800"' in page
    assert 'data-seconds-left="36000"' in page or 'data-seconds-left="35999"' in page
    assert 'data-extend-url="/session/prolonger/"' in page


def test_the_profile_counts_and_closes_the_other_sessions(signed, user):
    other = sign_in(StrangerClient(), user)
    assert "dans 1 autre navigateur" in signed.get(PROFILE).content.decode()
    assert signed.post("/mon-profil/autres-sessions/")["Location"] == PROFILE
    assert "1 autre session fermée." in signed.get(PROFILE).content.decode()
    assert other.get(PROFILE).status_code == 302


def test_an_inactivated_account_is_out_at_the_next_request(signed, user):
    Utilisateur.objects.filter(pk=user.pk).update(
        is_active=False, inactive_le=clock.now(), motif_inactivation=MotifInactivation.VOL
    )
    assert signed.get(PROFILE)["Location"].startswith("/connexion/")


def test_expired_rows_are_swept(signed):
    with after(hours=11):
        assert sweeps.run("sessions") == 1
        assert sweeps.run("sessions") == 0


def test_strangers_get_no_account_page(client):
    for url in (PROFILE, "/mon-profil/mot-de-passe/", "/conditions/", "/connexion/code/"):
        assert client.get(url)["Location"].startswith("/connexion/?next=")
    response = client.get(PROFILE, HTTP_ACCEPT="application/json")
    assert response.status_code == 401


def test_the_profile_names_the_open_sessions_and_closes_one(signed, user):
    """Each is named by its browser; closing one leaves the others, and nothing shows a session's key."""
    user.active_le = clock.now()
    user.save()
    others = [StrangerClient(), StrangerClient()]
    for other, agent in zip(
        others, ("X11; Linux) Firefox/140.0", "Windows NT 10.0) Chrome/1 Edg/1"), strict=True
    ):
        data = {"identifiant": user.identifiant, "mot_de_passe": f.PASSWORD}
        other.post("/connexion/", data, headers={"User-Agent": f"Mozilla/5.0 ({agent}"})
    page = signed.get(PROFILE).content.decode()
    assert "Firefox sur Linux" in page
    assert "Edge sur Windows" in page
    assert not any(other.session.session_key in page for other in others)
    mark = mark_of(others[0].session.session_key)
    assert signed.post(f"{PROFILE}sessions/{mark}/fermer/")["Location"] == PROFILE
    kept = SessionOuverte.objects.filter(utilisateur=user)
    assert {row.appareil for row in kept} == {"", "Edge sur Windows"}
    assert "vue pour la dernière fois" in signed.get(PROFILE).content.decode()


def test_a_mark_of_somebody_else_or_of_this_session_closes_nothing(signed, user):
    stranger = sign_in(StrangerClient(), f.utilisateur(Profil.TECHNICIEN, f.partenaire(f.caisse("422"))))
    for session in (stranger.session, signed.session):
        signed.post(f"{PROFILE}sessions/{mark_of(session.session_key)}/fermer/")
        assert SessionOuverte.objects.filter(pk=session.session_key).exists()
    assert "Cette session n’était plus ouverte." in signed.get(PROFILE).content.decode()
