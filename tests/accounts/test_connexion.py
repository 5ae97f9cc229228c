"""Sign-in with identifiant and password: neutral answers, lockout, rotation, journal, sign-out."""

import pytest
from axes.models import AccessAttempt

from accounts.enums import MotifInactivation, Profil
from accounts.models import SessionOuverte
from portal import clock
from portal.audit.models import Evenement, Verbe
from tests import factories as f
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db
URL = "/connexion/"


@pytest.fixture
def structure():
    return f.partenaire(f.caisse())


@pytest.fixture
def technicien(structure):
    return f.utilisateur(Profil.TECHNICIEN, structure, identifiant="tech.test", password=f.PASSWORD)


def post(client, identifiant="tech.test", password=f.PASSWORD, **extra):
    data = {"identifiant": identifiant, "mot_de_passe": password, "next": extra.pop("next", "")}
    return client.post(URL, data, **extra)


def body(response, identifiant):
    """The page without what differs by nature: the token of the form and what was typed."""
    import re

    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return text.replace(identifiant, "IDENTIFIANT")


def verbs():
    return list(Evenement.objects.order_by("id").values_list("verbe", flat=True))


def test_the_page_names_its_fields_for_password_managers(client):
    page = client.get(URL).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "Première connexion ou mot de passe oublié" in page


def test_signing_in_rotates_the_session_and_is_journaled(client, technicien):
    client.get(URL)
    before = client.session.session_key
    response = post(client, "  Tech.TEST ")
    assert response.status_code == 302
    assert client.session.session_key != before
    assert SessionOuverte.objects.get(pk=client.session.session_key).utilisateur == technicien
    event = Evenement.objects.get(verbe=Verbe.CONNEXION)
    assert event.acteur_id == technicien.pk
    assert event.adresse == "127.0.0.1"
    assert event.caisse_id is not None


def test_unknown_wrong_inactive_and_not_activated_look_the_same(client, structure, technicien):
    f.utilisateur(
        Profil.TECHNICIEN, structure, identifiant="inactif.test", password=f.PASSWORD,
        is_active=False, inactive_le=clock.now(), motif_inactivation=MotifInactivation.DEPART,
    )  # fmt: skip
    f.utilisateur(Profil.TECHNICIEN, structure, identifiant="invite.test", active_le=None)
    tries = {
        "personne.test": f.PASSWORD,
        "tech.test": "Mauvais-Mot-De-Passe-9",
        "inactif.test": f.PASSWORD,
        "invite.test": f.PASSWORD,
    }
    answers = {name: post(client, name, password) for name, password in tries.items()}
    assert {response.status_code for response in answers.values()} == {422}
    assert len({body(response, name) for name, response in answers.items()}) == 1
    assert "L’identifiant ou le mot de passe est incorrect." in answers["personne.test"].content.decode()
    assert verbs() == [Verbe.CONNEXION_REFUSEE] * 4


def test_a_refused_sign_in_costs_the_same_queries_whoever_is_named(
    client, technicien, django_assert_max_num_queries
):
    post(client, "quelqu-un.test", "Mauvais-Mot-De-Passe-9")
    with django_assert_max_num_queries(30) as known:
        post(client, "tech.test", "Mauvais-Mot-De-Passe-9")
    with django_assert_max_num_queries(30) as unknown:
        post(client, "personne.test", "Mauvais-Mot-De-Passe-9")
    assert len(known) == len(unknown)


def test_five_failures_lock_the_account_for_this_address_only(client, structure, technicien):
    other = f.utilisateur(Profil.TECHNICIEN, structure, identifiant="autre.test", password=f.PASSWORD)
    for _ in range(4):
        assert post(client, password="Mauvais-Mot-De-Passe-9").status_code == 422
    locked = post(client, password="Mauvais-Mot-De-Passe-9")
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900"
    assert "Trop d’essais. Réessayez dans 15 minutes" in locked.content.decode()
    assert post(client).status_code == 429
    assert post(client, REMOTE_ADDR="192.0.2.7").status_code == 302
    client.logout()
    assert post(client, other.identifiant).status_code == 302
    assert Evenement.objects.filter(details__motif="verrouillage").count() == 2


def test_an_unknown_identifiant_locks_with_the_same_page(client, technicien):
    pages = []
    for name in ("tech.test", "personne.test"):
        for _ in range(5):
            response = post(client, name, "Mauvais-Mot-De-Passe-9")
        pages.append((response.status_code, body(response, name)))
    assert pages[0] == pages[1]


def test_a_forged_forwarding_header_dodges_nothing(client, technicien):
    for number in range(5):
        response = post(
            client, password="Mauvais-Mot-De-Passe-9", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}"
        )
    assert response.status_code == 429


def test_behind_a_proxy_its_own_entry_counts(client, technicien, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        header = f"10.0.0.{number}, 203.0.113.9"
        response = post(client, password="Mauvais-Mot-De-Passe-9", HTTP_X_FORWARDED_FOR=header)
    assert response.status_code == 429
    assert Evenement.objects.filter(adresse="203.0.113.9").count() == 5


def test_no_typed_password_is_kept_anywhere(client, technicien):
    post(client, password="Mauvais-Mot-De-Passe-9")
    attempt = AccessAttempt.objects.get()
    kept = f"{attempt.get_data} {attempt.post_data} {list(Evenement.objects.values())}"
    assert "Mauvais" not in kept


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/\r\nX: y",
    ],
)
def test_next_stays_on_the_site(client, technicien, target):
    response = post(client, next=target)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert "evil" not in client.get(URL, {"next": target}).content.decode()


def test_next_leads_to_the_page_asked_for(client, technicien):
    assert post(client, next="/mon-profil/?x=1")["Location"] == "/mon-profil/?x=1"


def test_a_signed_in_person_is_not_asked_again(client, technicien):
    sign_in(client, technicien)
    assert client.get(URL).status_code == 302


def test_signing_out_is_a_post_and_kills_the_session(client, technicien):
    sign_in(client, technicien)
    key = client.session.session_key
    assert client.get("/deconnexion/").status_code == 405
    response = client.post("/deconnexion/")
    assert response["Location"] == "/connexion/?fin=deconnexion"
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert not SessionOuverte.objects.filter(pk=key).exists()
    assert "Vous êtes déconnecté." in client.get(response["Location"]).content.decode()
    client.cookies["ep_session"] = key
    assert client.get("/mon-profil/").status_code == 302
    assert Verbe.DECONNEXION in verbs()


def test_pages_of_the_signed_in_stay_in_no_cache(client, technicien):
    sign_in(client, technicien)
    for url in ("/mon-profil/", "/connexion/", "/mon-profil/mot-de-passe/"):
        assert "no-store" in client.get(url)["Cache-Control"]


def test_forms_without_their_token_are_refused_and_journaled(technicien):
    from tests.conftest import StrangerClient

    client = StrangerClient(enforce_csrf_checks=True)
    assert post(client).status_code == 403
    client = sign_in(StrangerClient(enforce_csrf_checks=True), technicien)
    assert client.post("/deconnexion/").status_code == 403
    assert client.post("/conditions/").status_code == 403
    crossed = client.post("/mon-profil/", HTTP_ORIGIN="https://evil.example")
    assert crossed.status_code == 403
    assert Evenement.objects.filter(verbe=Verbe.ACCES_REFUSE, details__jeton_absent=True).count() == 4


def test_the_theme_of_the_account_follows_it(client, technicien):
    technicien.theme = "dark"
    technicien.save()
    assert post(client).cookies["ep_theme"].value == "dark"


def test_null_characters_are_a_plain_error(client, technicien):
    assert post(client, "tech\0test").status_code == 422
