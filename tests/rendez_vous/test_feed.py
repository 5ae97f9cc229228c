"""The private address: what it says, to whom, and how it dies."""

import re

import pytest
from icalendar import Calendar

from accounts.enums import Profil
from accounts.models import RolePartenaire, Utilisateur
from partners.enums import EtatConvention
from partners.models import Convention
from portal import clock
from signalements.kinds.rendez_vous.models import FluxAgenda
from signalements.kinds.rendez_vous.operations import flux as operations
from signalements.kinds.rendez_vous.operations.fixing import fix_date
from signalements.kinds.rendez_vous.operations.flux import create_feed
from tests import factories as f
from tests.conftest import StrangerClient
from tests.rendez_vous.conftest import quand, rendez_vous, signed_in

pytestmark = pytest.mark.django_db


def fixed(monde, days=5, who=None, **fields):
    demande = rendez_vous(monde.convention, (who or monde.technicien).user)
    fix_date(actor=monde.agent, demande_id=demande.pk, quand=quand(monde.caisse, days, **fields), version=1)
    return demande


def read(jeton):
    return StrangerClient().get(f"/agenda/{jeton}.ics")


def references(jeton):
    events = Calendar.from_ical(read(jeton).content).walk("VEVENT")
    return [str(event["summary"]).removeprefix("Rendez-vous ") for event in events]


def test_a_technicien_follows_their_own_or_all_of_the_structure(monde):
    colleague = f.membership(monde.technicien.profil, monde.structure)
    own, other = fixed(monde), fixed(monde, 6, who=colleague)
    assert references(create_feed(membership=monde.technicien, portee="MIENS")) == [own.reference]
    jeton = create_feed(membership=monde.technicien, portee="TOUS")
    assert references(jeton) == [own.reference, other.reference]
    body = read(jeton).content.decode()
    assert "fictive" not in body.lower()
    assert "+336" not in body
    assert "CSS" not in body


def test_an_agent_reads_only_their_own(monde):
    colleague = f.membership(monde.agent.profil, monde.caisse)
    own = fixed(monde, agent_id=monde.agent.user.pk)
    fixed(monde, 6, agent_id=colleague.user.pk)
    assert references(create_feed(membership=monde.agent, portee="MIENS")) == [own.reference]


def test_only_a_digest_is_kept_and_a_new_address_kills_the_old(monde):
    first = create_feed(membership=monde.technicien, portee="MIENS")
    assert first not in str(FluxAgenda.objects.values())
    second = create_feed(membership=monde.technicien, portee="MIENS")
    assert (read(first).status_code, read(second).status_code) == (404, 200)


def test_it_dies_with_the_account_the_role_or_the_convention(monde):
    jeton = create_feed(membership=monde.technicien, portee="TOUS")
    fixed(monde)
    assert len(references(jeton)) == 1
    Convention.objects.filter(pk=monde.convention.pk).update(etat=EtatConvention.RESILIEE)
    assert references(jeton) == []
    roles = RolePartenaire.objects.filter(user=monde.technicien.user)
    kept = list(roles)
    roles.delete()
    assert read(jeton).status_code == 404
    RolePartenaire.objects.bulk_create(kept)
    Utilisateur.objects.filter(pk=monde.technicien.user.pk).update(is_active=False, inactive_le=clock.now())
    assert read(jeton).status_code == 404


def test_it_is_read_so_many_times_an_hour(monde, monkeypatch):
    monkeypatch.setattr(operations, "MOST_READS", 2)
    jeton = create_feed(membership=monde.technicien, portee="MIENS")
    assert [read(jeton).status_code for _ in range(3)] == [200, 200, 429]


def test_an_unknown_secret_is_a_404(monde):
    assert read("x" * 43).status_code == 404


def test_its_page_shows_the_secret_once_and_cuts_it(monde):
    client = signed_in(monde.technicien)
    made = client.post("/mon-agenda/", {"acte": "creer", "portee": "TOUS"}).content.decode()
    jeton = re.search(r"/agenda/([\w-]+)\.ics", made).group(1)
    assert "webcal://" in made
    assert jeton not in client.get("/mon-agenda/").content.decode()
    assert read(jeton).status_code == 200
    assert client.post("/mon-agenda/", {"acte": "revoquer"}).status_code == 302
    assert read(jeton).status_code == 404
    assert client.post("/mon-agenda/", {"acte": "creer", "portee": "x"}).status_code == 422
    assert signed_in(monde.agent).post("/mon-agenda/", {"acte": "creer"}).status_code == 200


def test_the_profile_leads_there_for_those_who_have_appointments(monde):
    assert "/mon-agenda/" in signed_in(monde.technicien).get("/mon-profil/").content.decode()
    gestionnaire = f.membership(Profil.GESTIONNAIRE, monde.structure)
    assert "/mon-agenda/" not in signed_in(gestionnaire).get("/mon-profil/").content.decode()
