"""The helper that signs in on behalf of the other tests."""

import pytest

from accounts.enums import Profil
from tests import factories as f
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db


def test_the_client_is_signed_in_with_its_second_factor(client):
    user = f.utilisateur(Profil.TECHNICIEN, f.partenaire(f.caisse()))
    sign_in(client, user)
    response = client.get("/accessibilite/")
    request = response.wsgi_request
    assert request.user == user
    assert request.user.is_verified()
    assert request.membership.user == user
