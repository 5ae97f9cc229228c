"""The screens of the requests about gestionnaires: the gestionnaire's, and the queue of the caisse."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts.enums import NatureHabilitation, Profil, StatutHabilitation
from accounts.models import DemandeHabilitation, Utilisateur
from portal import clock
from tests import factories as f
from tests.accounts.conftest import good, url
from tests.conftest import StrangerClient
from tests.fixtures.administration import admin_url
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db
MODEL = "accounts_demandehabilitation"


@pytest.fixture
def admin(place: dict[str, Any]) -> Any:
    return sign_in(StrangerClient(), f.utilisateur(Profil.ADMIN_CAISSE, place["doubs"]))


def typed(**fields: Any) -> dict[str, Any]:
    return {**good(), "cle": str(uuid.uuid4()), **fields}


def test_a_gestionnaire_asks_and_follows(gest, place):
    response = gest.post(url("gestionnaire_habiliter"), typed(), follow=True)
    made = DemandeHabilitation.objects.get()
    assert response.redirect_chain[-1][0] == url("gestionnaire_demande", made.reference)
    text = gest.get(url("gestionnaires")).content.decode()
    assert made.reference in text
    assert "Échéance le" in text
    page = gest.get(url("gestionnaire_demande", made.reference)).text
    leave = url("gestionnaire_retirer", made.reference)
    assert leave in page
    assert gest.post(leave, {"version": "9"}).status_code == 422
    assert "est retirée" in gest.post(leave, {"version": "1"}, follow=True).text
    assert leave not in gest.get(url("gestionnaire_demande", made.reference)).text
    # Both places are taken: said before it is asked.
    assert "Toutes les places sont prises" in gest.get(url("gestionnaire_habiliter")).content.decode()


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("gestionnaire_habiliter", {"courriel": "zoe@gmail.com"}, "semble personnelle"),
        ("gestionnaire_modifier", {"telephone": "12"}, "numéro de téléphone"),
        (
            "gestionnaire_depart",
            {"date_souhaitee": "2020-01-01", "motif": "depart_structure"},
            "quinze jours",
        ),
        ("gestionnaire_depart", {"date_souhaitee": "demain", "motif": ""}, "Choisissez le motif"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(gest, place, name, fields, words):
    args = () if name == "gestionnaire_habiliter" else (place["peer"].pk,)
    response = gest.post(url(name, *args), typed(**fields))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert fields.get("courriel", fields.get("telephone", "")) in response.content.decode()
    assert not DemandeHabilitation.objects.exists()


def test_the_last_one_is_asked_for_a_successor(gest, place):
    Utilisateur.objects.filter(pk=place["peer"].pk).update(
        is_active=False, inactive_le=clock.now(), motif_inactivation="depart_structure"
    )
    day = (clock.today() + timedelta(days=20)).isoformat()
    address = url("gestionnaire_depart", place["gest"].pk)
    assert "Le remplaçant" in gest.get(address).content.decode()
    alone = {"date_souhaitee": day, "motif": "depart_structure", "cle": str(uuid.uuid4())}
    assert gest.post(address, alone).status_code == 422
    assert gest.post(address, typed(**alone)).status_code == 302
    natures = DemandeHabilitation.objects.values_list("nature", "successeur__nature")
    assert sorted(natures, key=str) == [("CREATION", None), ("INACTIVATION", "CREATION")]


def test_a_request_to_complete_is_completed_from_its_page(gest, place):
    row = f.habilitation(
        place["conv"],
        place["gest"],
        statut=StatutHabilitation.A_COMPLETER,
        delai_depuis=None,
        message="Quelle fonction\u00a0?",
    )
    address = url("gestionnaire_demande", row.reference)
    page = gest.get(address).content.decode()
    assert "Quelle fonction\u00a0?" in page
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert gest.post(address, {**good(), "version": "9"}).status_code == 422
    assert gest.post(address, {**good(), "version": version}).status_code == 302
    row.refresh_from_db()
    assert (row.statut, row.fonction) == (StatutHabilitation.DEMANDEE, "Travailleuse sociale")
    assert gest.post(address, good(), follow=True).status_code == 200


def test_the_caisse_finds_the_queue_in_the_order_of_its_deadlines_and_what_is_late(admin, place):
    long_ago = clock.now() - timedelta(days=20)
    fresh = f.habilitation(place["conv"], place["gest"])
    late = f.habilitation(place["conv"], None, cree_le=long_ago, recue_le=long_ago, delai_depuis=long_ago)
    f.habilitation(place["conv"], statut=StatutHabilitation.A_CONFIRMER, delai_depuis=None, recue_le=None)
    index = admin.get("/admin/").content.decode()
    assert "dont 1 en retard" in index
    assert "En retard de" in index
    page = admin.get(f"{admin_url(MODEL)}?file=a-traiter").content.decode()
    assert page.index(late.reference) < page.index(fresh.reference)
    assert page.count('class="field-reference"') == 2
    assert late.reference not in admin.get(f"{admin_url(MODEL)}?file=closes").content.decode()


def test_a_departure_that_waits_for_a_successor_is_on_the_index(admin, place):
    place["peer"].delete()
    f.habilitation(
        place["conv"],
        place["gest"],
        nature=NatureHabilitation.INACTIVATION,
        statut=StatutHabilitation.ACCEPTEE,
        compte=place["gest"],
        date_souhaitee=clock.today(),
        motif="depart_structure",
        delai_depuis=None,
    )
    assert "Départ en attente d’un remplaçant" in admin.get("/admin/").content.decode()


def test_the_act_of_the_caisse_refuses_the_third_of_two_on_its_page(admin, place):
    row = f.habilitation(place["conv"], place["gest"])
    response = admin.post(admin_url(MODEL, "accepter", row.pk), {"version": row.version})
    assert response.status_code == 422
    words = "Le nombre maximal de gestionnaires (2) est atteint pour une structure de 8 membres."
    assert words in response.content.decode()
    nir = admin.post(
        admin_url(MODEL, "completer", row.pk), {"version": row.version, "message": "2 84 03 25 056 123 57"}
    )
    assert nir.status_code == 422
    done = admin.post(
        admin_url(MODEL, "refuser", row.pk), {"version": row.version, "motif": "QUOTA", "message": ""}
    )
    assert done.status_code == 302
