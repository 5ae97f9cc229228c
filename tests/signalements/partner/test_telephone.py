"""A phone adds files by a one-time page: this place only, ten minutes, one phone, nothing to read."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Utilisateur
from partners.models import Convention
from portal import clock
from portal.tenancy import scope
from signalements.enums import Statut
from signalements.models import Demande, DepotTelephone, PieceJointe
from signalements.operations.telephone import MOST, LienPerime, begin, check, forget_depots
from signalements.views.telephone import WRONG_CODES
from tests import factories as f
from tests.documents.conftest import pdf, photo
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import url

pytestmark = pytest.mark.django_db
PLACE = "type-identite"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(autouse=True)
def _fresh_cache():
    """No try counts from one test to the next."""
    cache.clear()


@pytest.fixture
def lien(tech, brouillon):
    """The address a QR code of the technicien opens."""
    page = tech.post(url("telephone_code", brouillon, PLACE)).text
    return re.search(r"/telephone/[\w-]+/", page.split("Ou saisissez cette adresse")[1])[0]


@pytest.fixture
def mobile():
    """A phone: signed out, checking CSRF as a deployment does."""
    return Client(enforce_csrf_checks=True)


def post(client, lien, data=None, *, path="", **headers):
    page = client.get(lien)
    token = TOKEN.search(page.text)
    given = {"csrfmiddlewaretoken": token[1] if token else "", **(data or {})}
    return client.post(f"{lien}{path}", given, headers=headers)


def start(client, lien):
    return post(client, lien, {"commencer": "1"})


def send(client, lien, file=None):
    return post(client, lien, {"fichier": file or photo()}, path="fichier/", accept="application/json")


def test_several_photos_reach_the_place_of_the_draft_through_the_ordinary_intake(
    tech, mobile, monde, brouillon, lien
):
    assert start(mobile, lien).status_code == 200
    assert send(mobile, lien).status_code == 201
    assert "Reçu" in post(mobile, lien, {"fichiers": [pdf("a.pdf"), photo("b.jpg")]}).text
    rows = PieceJointe.objects.filter(demande=brouillon).select_related("piece", "type_piece")
    assert [row.type_piece.code for row in rows] == ["identite"] * 3
    assert {row.piece.etat for row in rows} == {"EN_ANALYSE"}
    assert {row.piece.deposee_par_id for row in rows} == {monde.technicien.pk}
    depot = DepotTelephone.objects.get()
    address = reverse("signalements:telephone_recus", args=[brouillon.reference, depot.pk])
    assert tech.get(f"{address}?vu=3").status_code == 204
    assert "3 fichiers" in tech.get(f"{address}?vu=0").text
    assert "b.jpg" in tech.get(url("etape", brouillon, "pieces")).text


def test_the_phone_reads_nothing_of_the_demande(mobile, monde, brouillon, lien):
    PieceJointe.objects.all().delete()
    pages = [mobile.get(lien), start(mobile, lien), mobile.get(lien)]
    for page in pages:
        for hidden in (brouillon.reference, "Fictive", "Jeanne", monde.valbrume.raison_sociale, "identit"):
            assert hidden not in page.text
        assert page.headers["Cache-Control"]
    told = send(mobile, lien).json()
    assert set(told) == {"nom", "taille", "etat", "etat_texte", "url", "etat_url", "retirer_url"}
    assert not any(told[name] for name in ("url", "etat_url", "retirer_url"))


def test_token_and_phone_are_kept_hashed(mobile, lien):
    start(mobile, lien)
    depot = DepotTelephone.objects.get()
    token, phone = lien.split("/")[2], mobile.cookies["ep_telephone"].value
    kept = str(vars(depot))
    assert token not in kept
    assert phone not in kept
    cookie = mobile.cookies["ep_telephone"]
    assert cookie["httponly"]
    assert cookie["path"] == lien


def test_looking_uses_nothing_up_and_a_second_phone_comes_too_late(mobile, lien):
    other = Client(enforce_csrf_checks=True)
    for client in (mobile, other):
        assert client.get(lien).status_code == 200
    start(mobile, lien)
    assert other.get(lien).status_code == 410
    assert start(other, lien).status_code == 410
    with pytest.raises(LienPerime):
        begin(lien.split("/")[2])
    assert send(mobile, lien).status_code == 201


def test_without_having_begun_no_file_comes_in(mobile, lien):
    assert send(mobile, lien).status_code == 410
    assert post(mobile, lien, {"fichiers": photo()}).status_code == 410
    assert not PieceJointe.objects.exists()


def expire(monde, brouillon):
    DepotTelephone.objects.update(expire_le=clock.now() - timedelta(seconds=1))


def finish(monde, brouillon):
    DepotTelephone.objects.update(clos_le=clock.now())


def use_up(monde, brouillon):
    DepotTelephone.objects.update(recus=MOST)


def depart(monde, brouillon):
    Utilisateur.objects.filter(pk=monde.technicien.pk).update(is_active=False, inactive_le=clock.now())


def leave_convention(monde, brouillon):
    Convention.objects.filter(pk=monde.convention.pk).update(etat="RESILIEE")


def send_demande(monde, brouillon):
    now = clock.now()
    Demande.objects.filter(pk=brouillon.pk).update(
        statut=Statut.ENVOYEE,
        envoyee_le=now,
        delai_jours=5,
        echeance=clock.today(),
        information_donnee=True,
    )


@pytest.mark.parametrize("end", [expire, finish, use_up, depart, leave_convention, send_demande])
def test_the_code_dies(mobile, monde, brouillon, lien, end):
    csrf = TOKEN.search(start(mobile, lien).text)[1]
    end(monde, brouillon)
    assert mobile.get(lien).status_code == 410
    answer = mobile.post(
        f"{lien}fichier/",
        {"fichier": photo()},
        headers={"accept": "application/json", "x-csrftoken": csrf},
    )
    assert answer.status_code == 410
    assert not PieceJointe.objects.exists()


def test_a_new_code_ends_the_former_one_of_the_place(tech, mobile, brouillon, lien):
    start(mobile, lien)
    tech.post(url("telephone_code", brouillon, PLACE))
    assert mobile.get(lien).status_code == 410


def test_a_code_serves_the_demande_it_was_made_for_whatever_is_posted(mobile, monde, lien):
    other = f.demande(monde.convention_roche, monde.technicien_roche, statut=Statut.BROUILLON)
    start(mobile, lien)
    data = {"fichier": photo(), "reference": other.reference, "place": "message", "demande": other.pk}
    post(mobile, lien, data, path="fichier/", accept="application/json")
    assert PieceJointe.objects.get().partenaire == monde.valbrume


def test_unknown_codes_all_look_alike_and_many_of_them_close_the_door(mobile):
    answers = {mobile.get(f"/telephone/{'x' * number}/").status_code for number in range(1, WRONG_CODES + 1)}
    assert answers == {410}
    assert mobile.get("/telephone/encore/").status_code == 429


def test_a_forged_post_without_the_token_of_the_page_is_refused(mobile, lien):
    start(mobile, lien)
    assert mobile.post(f"{lien}fichier/", {"fichier": photo()}).status_code == 403
    assert not PieceJointe.objects.exists()


def test_no_code_is_made_for_another_structure_a_place_that_is_not_or_a_sent_demande(
    client, monde, brouillon
):
    sign_in(client, monde.technicien_roche)
    assert client.post(url("telephone_code", brouillon, PLACE)).status_code == 404
    sign_in(client, monde.technicien)
    sent = f.demande(monde.convention, monde.technicien, statut=Statut.EN_COURS)
    for demande, place in (
        (brouillon, "type-inconnu"),
        (sent, PLACE),
        (sent, "element-1"),
        (sent, "message"),
    ):
        assert client.post(url("telephone_code", demande, place)).status_code == 404
    assert not DepotTelephone.objects.exists()


def test_the_scope_of_the_structure_ends_with_the_answer(monde, lien):
    token = lien.split("/")[2]
    with scope("systeme"):
        assert check(token, "") is False
        begin(token)
        with pytest.raises(LienPerime):
            check(token, "autre")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role')")
            assert cursor.fetchone() == ("ep_systeme",)


def test_a_caisse_and_another_structure_see_no_code(monde, lien):
    with scope("caisse", monde.doubs.pk):
        assert not DepotTelephone.objects.exists()
    with scope("partenaire", monde.roche.pk):
        assert not DepotTelephone.objects.exists()


def test_old_codes_are_forgotten(lien):
    assert forget_depots(10) == 0
    DepotTelephone.objects.update(expire_le=clock.now() - timedelta(days=2))
    assert forget_depots(10) == 1
