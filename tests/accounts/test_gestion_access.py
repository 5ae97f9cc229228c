"""Whom the gestionnaire's screens open to, and when a session ends."""

import pytest

from accounts.enums import Profil
from tests import factories as f
from tests.accounts.conftest import good, url
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db


def test_inactivating_says_what_it_does_then_closes_the_session(gest, place):
    from tests.conftest import StrangerClient

    tech = place["tech"]
    session = sign_in(StrangerClient(), tech)
    page = gest.get(url("technicien_inactiver", tech.pk)).content.decode()
    assert "L’effet est immédiat" in page
    assert gest.post(url("technicien_inactiver", tech.pk), {}).status_code == 422
    assert gest.post(url("technicien_inactiver", tech.pk), {"motif": "fin_convention"}).status_code == 422
    tech.refresh_from_db()
    assert tech.is_active
    gest.post(url("technicien_inactiver", tech.pk), {"motif": "depart_structure"})
    refused = session.get(url("gestion_accueil"))
    assert refused.status_code == 302
    assert "/connexion/" in refused["Location"]
    listed = gest.get(url("techniciens"), {"etat": "INACTIF"}).content.decode()
    assert "suppression le" in listed


def test_reactivating_does_not_revive_the_old_session(gest, place):
    from tests.conftest import StrangerClient

    tech = place["tech"]
    session = sign_in(StrangerClient(), tech)
    gest.post(url("technicien_inactiver", tech.pk), {"motif": "depart_structure"})
    gest.post(url("technicien_reactiver", tech.pk))
    tech.refresh_from_db()
    assert tech.is_active
    assert session.get(url("gestion_accueil")).status_code == 302


def test_other_roles_are_refused_and_strangers_sign_in(client, place):
    from tests.conftest import StrangerClient

    routes = [
        url("gestion_accueil"),
        url("techniciens"),
        url("technicien_creer"),
        url("gestionnaires"),
        url("technicien", place["tech"].pk),
    ]
    for route in routes:
        assert "/connexion/" in client.get(route)["Location"]
    for profil, on in (
        (Profil.TECHNICIEN, place["valbrume"]),
        (Profil.AGENT, place["doubs"]),
        (Profil.SUPERVISEUR, place["doubs"]),
        (Profil.ADMIN_CAISSE, place["doubs"]),
        (Profil.NATIONAL, None),
    ):
        other = sign_in(StrangerClient(), f.utilisateur(profil, on))
        for route in routes:
            assert other.get(route).status_code == 403, (profil, route)
        assert other.post(url("technicien_creer"), good()).status_code == 403
