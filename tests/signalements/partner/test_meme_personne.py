"""Another demande for the same person: their identity follows, nobody else's ever does."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from signalements.enums import Statut
from signalements.forms.personne import PersonneForm, typed_personne
from signalements.kinds.registry import steps_of
from signalements.models import Brouillon, Demande
from tests import factories as f
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def demande(monde):
    """A demande that was sent."""
    personne = {"nom_naissance": "Fictive", "nom_usage": "Modele", "departement": "39"}
    return f.demande(monde.convention, monde.technicien, statut=Statut.ENVOYEE, personne=personne)


def start(client, demande, **changes):
    posted = {"service": "saisine", "caisse": "251", "cle_creation": uuid.uuid4(), **changes}
    return client.post(url("meme_personne", demande), posted)


def test_the_person_and_nothing_else_is_carried_over(tech, demande):
    for page in ("confirmation", "demande"):
        assert url("meme_personne", demande) in tech.get(url(page, demande)).text
    assert "Jeanne MODELE" in tech.get(url("meme_personne", demande)).text
    key = uuid.uuid4()
    answer = start(tech, demande, cle_creation=key)
    draft = Brouillon.objects.get()
    assert answer.url == url("etape", draft.demande.reference, "personne")
    assert list(draft.donnees) == ["personne"]
    form = steps_of(draft.demande).judged("personne")
    assert form.is_valid()
    assert isinstance(form, PersonneForm)
    fields = form.fields_of_personne()
    assert fields == {name: getattr(demande.personne, name) for name in fields}
    start(tech, demande, cle_creation=key)
    assert Brouillon.objects.count() == 1


def test_for_another_person_nothing_is_filled_in(tech, demande):
    start(tech, demande)
    tech.post(reverse("signalements:nouvelle", args=["saisine", "251"]), {"cle_creation": uuid.uuid4()})
    last = Demande.objects.brouillons().latest("pk")
    assert last.brouillon.donnees == {}
    assert "Modele" not in tech.get(url("etape", last, "personne")).text


def test_neither_a_draft_nor_another_structure_gives_a_person(tech, client, monde, demande, brouillon):
    assert start(tech, brouillon).status_code == 404
    sign_in(client, monde.technicien_roche)
    assert client.get(url("meme_personne", demande)).status_code == 404
    assert start(client, demande).status_code == 404
    assert Brouillon.objects.exclude(demande=brouillon).count() == 0


def test_a_service_or_a_caisse_that_is_off_is_refused(tech, demande):
    assert start(tech, demande, service="inconnu").status_code == 404
    assert start(tech, demande, caisse="422").status_code == 404
    assert start(tech, demande, caisse="").status_code == 404


@pytest.mark.parametrize(("precision", "typed"), [("ANNEE", ["", "", "1984"]), ("MOIS", ["", "3", "1984"])])
def test_what_is_unknown_of_a_birth_date_stays_unknown(monde, demande, precision, typed):
    personne = demande.personne
    personne.naissance_precision, personne.naissance = precision, date(1984, 3, 1)
    step = typed_personne(personne)
    assert [values[0] for name, values in step.items() if name.startswith("naissance")] == typed
