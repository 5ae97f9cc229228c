"""The conditions of use: what changed since the version one accepted, and what is kept of the acceptance."""

import io
from datetime import timedelta

import pikepdf
import pytest

from accounts.enums import Profil
from accounts.models import AcceptationCgu, VersionCgu
from portal import clock
from tests import factories as f
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return f.utilisateur(Profil.TECHNICIEN, f.partenaire(f.caisse()))


def version(numero: str, days_ago: int, changements: str = "") -> VersionCgu:
    return VersionCgu.objects.create(
        numero=numero,
        publiee_le=clock.now() - timedelta(days=days_ago),
        resume="Je garde mon mot de passe pour moi.",
        changements=changements,
        texte="1. Votre compte\n\nIl est personnel.",
    )


@pytest.fixture
def versions():
    return [
        version("7.0", 30),
        version("7.1", 20, "Les sessions sont listées."),
        version("7.2", 10),
        version("7.3", 5, "Les clés d’accès arrivent."),
    ]


def test_all_that_changed_since_the_accepted_version_is_shown(client, user, versions):
    AcceptationCgu.objects.create(utilisateur=user, version=versions[0], le=clock.now() - timedelta(days=25))
    sign_in(client, user, cgu=False)
    page = client.get("/conditions/").content.decode()
    assert page.index("Les sessions sont listées.") < page.index("Les clés d’accès arrivent.")
    assert "Version 7.1" in page


def test_what_was_accepted_already_is_no_change(client, user, versions):
    AcceptationCgu.objects.create(utilisateur=user, version=versions[1], le=clock.now())
    sign_in(client, user, cgu=False)
    page = client.get("/conditions/").content.decode()
    assert "Les sessions sont listées." not in page
    assert "Les clés d’accès arrivent." in page


def test_the_acceptance_keeps_version_date_and_address_and_the_profile_shows_them(client, user, versions):
    sign_in(client, user, cgu=False)
    client.post("/conditions/", {"version": versions[3].pk}, REMOTE_ADDR="203.0.113.7")
    kept = AcceptationCgu.objects.get(utilisateur=user)
    assert (kept.version, kept.adresse) == (versions[3], "203.0.113.7")
    assert "203.0.113.7" in client.get("/mon-profil/").content.decode()


def test_the_accepted_version_is_a_tagged_pdf(client, user, versions):
    sign_in(client, user)
    response = client.get("/conditions/7.3/conditions.pdf")
    assert 'filename="conditions-utilisation-73.pdf"' in response["Content-Disposition"]
    document = pikepdf.open(io.BytesIO(response.content))
    assert bool(document.Root.MarkInfo.Marked)
    assert document.open_metadata()["dc:title"] == "Conditions d’utilisation, version 7.3"


def test_a_version_one_did_not_accept_has_no_pdf(client, user, versions):
    sign_in(client, user)
    assert client.get("/conditions/7.0/conditions.pdf").status_code == 404
