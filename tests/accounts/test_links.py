"""Activation and reset links: neutral, single, dated, never used up by a look."""

import re
from datetime import timedelta

import pytest
import time_machine

from accounts.enums import MotifInactivation, Profil
from accounts.links import activation_link, reset_link
from accounts.memberships import membership_of
from accounts.models import SessionOuverte, Utilisateur
from accounts.operations.comptes import invite
from portal import clock
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.signing_in import sign_in, totp_device

pytestmark = pytest.mark.django_db
NEW = "Brouette.Satin.Cumulus.52"
ASK = "/mot-de-passe/oublie/"


@pytest.fixture
def structure():
    return f.partenaire(f.caisse())


@pytest.fixture
def invited(structure):
    return f.utilisateur(
        Profil.TECHNICIEN, structure, identifiant="invite.test", active_le=None, mot_de_passe_le=None
    )


@pytest.fixture
def active(structure):
    return f.utilisateur(Profil.TECHNICIEN, structure, identifiant="tech.test", password=f.PASSWORD)


def link(user):
    """The link a mail leaving now would carry."""
    user.refresh_from_db()
    mail = Courriel(destinataire=user)
    return reset_link(mail) if user.active_le else activation_link(mail)


def choose(client, url, password=NEW, again=None):
    response = client.get(url)
    if response.status_code != 302:
        return response
    data = {"mot_de_passe": password, "confirmation": password if again is None else again}
    return client.post(response["Location"], data)


def test_opening_the_link_consumes_nothing_and_hides_the_token(client, invited):
    url = link(invited)
    for _ in range(2):
        StrangerClient().head(url)
        StrangerClient().get(url)
    response = client.get(url)
    assert response["Location"].endswith("/choix/")
    page = client.get(response["Location"]).content.decode()
    assert url.split("/")[-2] not in page
    assert "invite.test" in page
    assert 'autocomplete="new-password"' in page


def test_activating_sets_the_password_and_the_dates(client, invited):
    response = choose(client, link(invited))
    assert response["Location"] == "/connexion/"
    assert "Votre mot de passe est enregistré." in client.get("/connexion/").content.decode()
    invited.refresh_from_db()
    assert invited.check_password(NEW)
    assert invited.active_le == invited.mot_de_passe_le
    assert client.post("/connexion/", {"identifiant": "invite.test", "mot_de_passe": NEW}).status_code == 302
    assert Evenement.objects.filter(details__acte="mot_de_passe_activation", acteur_id=invited.pk).exists()


def test_a_link_serves_once(client, invited):
    url = link(invited)
    choose(client, url)
    assert choose(StrangerClient(), url).status_code == 410


def test_two_browsers_cannot_both_use_the_link(client, invited):
    url, other = link(invited), StrangerClient()
    client.get(url)
    other.get(url)
    choice = "/".join(url.split("/")[:-2]) + "/choix/"
    data = {"mot_de_passe": NEW, "confirmation": NEW}
    assert client.post(choice, data).status_code == 302
    assert other.post(choice, data).status_code == 410


@pytest.mark.parametrize(("hours", "status"), [(71, 302), (73, 410)])
def test_an_invitation_lasts_72_hours(client, invited, hours, status):
    url = link(invited)
    with time_machine.travel(clock.now() + timedelta(hours=hours)):
        assert client.get(url).status_code == status


@pytest.mark.parametrize(("minutes", "status"), [(29, 302), (31, 410)])
def test_a_reset_lasts_30_minutes(client, active, minutes, status):
    url = link(active)
    with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
        assert client.get(url).status_code == status


def test_a_new_invitation_replaces_the_former(client, invited, structure):
    former = link(invited)
    gestionnaire = membership_of(f.utilisateur(Profil.GESTIONNAIRE, structure))
    invite(actor=gestionnaire, user=invited, organisation=structure)
    assert client.get(former).status_code == 410
    assert client.get(link(invited)).status_code == 302


def test_a_dead_link_offers_another(client, invited):
    response = client.get("/activation/MQ/faux-jeton/")
    assert response.status_code == 410
    page = response.content.decode()
    assert "Ce lien n’est plus valable." in page
    assert "Recevoir un nouveau lien" in page


@pytest.mark.parametrize("uid", ["x", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA", "LTE", "%00"])
def test_a_forged_link_is_a_dead_link(client, uid):
    assert client.get(f"/activation/{uid}/abc-def/").status_code == 410
    assert client.get(f"/mot-de-passe/{uid}/choix/").status_code == 410


def test_the_links_of_one_kind_do_not_serve_the_other(client, invited, active):
    crossed = link(invited).replace("/activation/", "/mot-de-passe/")
    assert client.get(crossed).status_code == 410
    crossed = link(active).replace("/mot-de-passe/", "/activation/")
    assert client.get(crossed).status_code == 410


def test_an_inactive_account_has_no_working_link(client, invited):
    url = link(invited)
    Utilisateur.objects.filter(pk=invited.pk).update(
        is_active=False, inactive_le=clock.now(), motif_inactivation=MotifInactivation.DEPART
    )
    assert client.get(url).status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("Court-7", None, "au moins 12 caractères"),
        ("Azerty123456", None, "mot de passe"),
        (NEW, "Autre.Chose.Encore.33", "Les deux saisies sont différentes"),
        ("", None, "Remplissez le champ"),
    ],
)
def test_a_refused_password_leaves_the_link_good(client, invited, password, again, words):
    url = link(invited)
    response = choose(client, url, password, again)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert choose(client, url).status_code == 302


def test_a_reset_keeps_the_second_factor_and_closes_every_session(client, active):
    totp_device(active)
    elsewhere = sign_in(StrangerClient(), active)
    choose(client, link(active))
    assert not SessionOuverte.objects.filter(utilisateur=active).exists()
    assert elsewhere.get("/mon-profil/").status_code == 302
    client.post("/connexion/", {"identifiant": "tech.test", "mot_de_passe": NEW})
    assert client.get("/mon-profil/")["Location"].startswith("/connexion/code/")
    assert Courriel.objects.filter(destinataire=active, evenement="mot_de_passe_change").exists()


def ask(client, who):
    """The answer, without the token of its forms and what was typed."""
    response = client.post(ASK, {"compte": who})
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return response.status_code, text.replace(who, "")


def test_the_answer_is_the_same_for_everybody(client, active, invited, structure):
    gone = f.utilisateur(
        Profil.TECHNICIEN, structure, identifiant="parti.test", is_active=False, inactive_le=clock.now(),
        motif_inactivation=MotifInactivation.DEPART,
    )  # fmt: skip
    who = (
        "tech.test",
        active.courriel,
        "invite.test",
        gone.identifiant,
        "personne.test",
        "x@nulle-part.example",
    )
    assert len({ask(client, name) for name in who}) == 1
    sent = Courriel.objects.order_by("destinataire_id").values_list("destinataire__identifiant", "evenement")
    assert sorted(sent) == [
        ("invite.test", "compte_activation"),
        ("tech.test", "mot_de_passe_reinitialisation"),
    ]


def test_asking_again_at_once_sends_nothing_more(client, active):
    for _ in range(4):
        ask(client, "tech.test")
    assert Courriel.objects.count() == 1
    first = link(active)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        ask(client, "tech.test")
        assert Courriel.objects.count() == 2
        assert client.get(first).status_code == 410


def test_an_address_shared_by_two_accounts_gets_a_link_for_each(client, active, structure):
    f.utilisateur(Profil.GESTIONNAIRE, structure, courriel=active.courriel)
    ask(client, active.courriel.upper())
    assert Courriel.objects.count() == 2


def test_no_token_lies_in_the_database(client, active):
    ask(client, "tech.test")
    mail = Courriel.objects.get()
    assert (mail.lien, mail.donnees) == ("", {})
    assert str(list(Evenement.objects.values())).count("-") < 200
