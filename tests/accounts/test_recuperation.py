"""Who has lost a second factor gets back in by somebody who knows them, never by mail alone."""

import re
from datetime import timedelta

import pytest

from accounts import queries
from accounts.enums import MotifInactivation, Profil
from accounts.memberships import membership_of
from accounts.models import SessionOuverte
from accounts.operations.coupures import cut_access
from accounts.operations.passwords import reset_password
from accounts.operations.recuperation import reset_second_factor
from portal import clock
from portal.audit.models import Evenement, Verbe
from portal.courriels.models import Courriel
from portal.errors import DomainError
from portal.tenancy import scope
from tests import factories as f
from tests.accounts.test_cles import ADD, CODE, PROFILE, add
from tests.conftest import StrangerClient
from tests.fixtures.authenticator import Authenticator
from tests.fixtures.signing_in import passkey, sign_in, totp_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def made_world(shelf):
    return shelf.made(build)


@pytest.fixture
def world(made_world, _scope):
    return made_world()


def build():
    doubs = f.caisse("251")
    structure = f.partenaire(doubs)
    return {
        "gest": f.utilisateur(Profil.GESTIONNAIRE, structure),
        "tech": f.utilisateur(Profil.TECHNICIEN, structure, password=f.PASSWORD, active_le=clock.now()),
        "admin": f.utilisateur(Profil.ADMIN_CAISSE, doubs),
        "agent": f.utilisateur(Profil.AGENT, doubs),
        "stranger": f.utilisateur(Profil.GESTIONNAIRE, f.partenaire(f.caisse("422"))),
    }


def reset(world, actor, who, verified=True):
    return reset_second_factor(
        actor=membership_of(world[actor]), compte=world[who], identite_verifiee=verified
    )


def test_the_gestionnaire_takes_it_away_and_the_code_opens_once_until_a_new_one_is_installed(client, world):
    tech = world["tech"]
    passkey(tech)
    lost = sign_in(StrangerClient(), tech)
    sign_in(client, world["gest"])
    url = f"/espace-partenaire/comptes/techniciens/{tech.pk}/second-facteur/"
    assert client.post(url).status_code == 422
    page = client.post(url, {"identite_verifiee": "on"})
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page.text)[0]
    assert "no-store" in page["Cache-Control"]
    assert not SessionOuverte.objects.filter(utilisateur=tech).exists()
    assert lost.get(PROFILE)["Location"].startswith("/connexion/?")
    assert "code de reprise valable" in client.get(f"/espace-partenaire/comptes/techniciens/{tech.pk}/").text

    back = sign_in(StrangerClient(), tech, verified=False)
    assert back.get(PROFILE)["Location"].startswith(CODE)
    assert "Code de reprise" in back.get(CODE).text
    assert back.get(ADD)["Location"].startswith(CODE)
    assert back.post(CODE, {"code": "00000-00000"}).status_code == 422
    tech.codesecours_set.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert back.post(CODE, {"code": code}).status_code == 302
    assert back.get(PROFILE)["Location"].startswith("/connexion/second-facteur/")
    assert add(back, Authenticator()).text.count("<code>") == 10
    assert back.get(PROFILE).status_code == 200
    again = sign_in(StrangerClient(), tech, verified=False)
    assert again.post(f"{CODE}?secours=1", {"code": code}).status_code == 422


def test_it_is_told_to_the_holder_and_journaled_by_its_author(world):
    reset(world, "gest", "tech")
    assert Courriel.objects.get(evenement="second_facteur_retire").destinataire == world["tech"]
    event = Evenement.objects.get(verbe=Verbe.SECOND_FACTEUR)
    assert (event.acteur_id, event.objet_id) == (world["gest"].pk, str(world["tech"].pk))
    assert event.details == {"acte": "retrait", "identite_verifiee": True}


def test_the_mail_holds_no_code(world):
    code = reset(world, "gest", "tech")
    mail = Courriel.objects.get(evenement="second_facteur_retire")
    assert code not in str(mail.__dict__)


def test_the_code_dies_after_72_hours(world):
    code = reset(world, "gest", "tech")
    with clock.at(clock.now() + timedelta(hours=72, minutes=1)):
        late = sign_in(StrangerClient(), world["tech"], verified=False)
        assert late.post(CODE, {"code": code}).status_code == 422


@pytest.mark.parametrize(
    ("actor", "who", "code"),
    [
        ("gest", "gest", "role"),
        ("stranger", "tech", "hors_perimetre"),
        ("admin", "tech", "role"),
        ("agent", "gest", "role"),
        ("gest", "agent", "role"),
        ("admin", "admin", "soi_meme"),
        ("tech", "tech", "role"),
    ],
)
def test_nobody_else_takes_it_away(world, actor, who, code):
    totp_device(world[who])
    with pytest.raises(DomainError) as refusal:
        reset(world, actor, who)
    assert refusal.value.code == code
    assert queries.totp_device_of(world[who]) is not None


@pytest.mark.parametrize("who", ["gest", "agent"])
def test_the_caisse_does_it_for_gestionnaires_and_its_own(client, world, who):
    totp_device(world[who])
    sign_in(client, world["admin"])
    model = "comptepartenaire" if who == "gest" else "comptecaisse"
    url = f"/admin/accounts/{model}/{world[who].pk}/"
    assert "Application" in client.get(f"{url}change/").text
    assert client.post(f"{url}reprise/").status_code == 422
    page = client.post(f"{url}reprise/", {"identite_verifiee": "on"})
    assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page.text)
    assert queries.totp_device_of(world[who]) is None


def test_the_caisse_manages_the_techniciens_of_a_structure_left_without_gestionnaire(client, world):
    """Art. 4.1 may have taken the only one."""
    tech = world["tech"]
    totp_device(tech)
    sign_in(client, world["admin"])
    acts = [f"/admin/accounts/comptepartenaire/{tech.pk}/{act}/" for act in ("reprise", "inactiver")]
    assert [client.get(path).status_code for path in acts] == [403, 403]
    admin = membership_of(world["admin"])
    with scope("caisse", admin.caisse_id):
        cut_access(actor=admin, compte=world["gest"], motif=MotifInactivation.VOL)
    assert re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", client.post(acts[0], {"identite_verifiee": "on"}).text)
    assert client.post(acts[1], {"motif": "depart_structure"}).status_code == 302
    tech.refresh_from_db()
    assert not tech.is_active


def test_the_identity_must_have_been_verified(world):
    with pytest.raises(DomainError, match="Vérifiez d’abord"):
        reset(world, "gest", "tech", verified=False)


def test_a_new_password_by_mail_leaves_the_second_factor(world):
    totp_device(world["tech"])
    passkey(world["tech"])
    reset_password(world["tech"], "Grenier-lavande-bocal-tournevis")
    world["tech"].refresh_from_db()
    client = sign_in(StrangerClient(), world["tech"], verified=False)
    assert client.get(PROFILE)["Location"].startswith(CODE)
    assert client.get("/connexion/second-facteur/")["Location"].startswith(CODE)
