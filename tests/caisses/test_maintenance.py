"""Planned maintenance: banner, mails, the page of other channels that needs no database; opening a caisse."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Profil
from accounts.memberships import membership_of
from accounts.operations.maintenance import tell_of_maintenance
from caisses.models import Annonce
from caisses.secours import write_pages
from portal import clock
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.courriels.rendering import render
from portal.errors import DomainError
from tests.caisses.test_admin import edit
from tests.fixtures.administration import Place, admin_url

pytestmark = pytest.mark.django_db
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where the page is written."""
    settings.PAGES_ROOT = str(tmp_path / "pages")
    return tmp_path / "pages"


def planned(**fields: Any) -> Annonce:
    """A maintenance tomorrow, announced since an hour."""
    now = clock.now()
    start = now + timedelta(days=1)
    given = {
        "titre": "Maintenance de nuit",
        "niveau": "warning",
        "debut": now - timedelta(hours=1),
        "fin": start + timedelta(hours=3),
        "intervention_debut": start,
        "intervention_fin": start + timedelta(hours=2, minutes=10),
        **fields,
    }
    return Annonce.objects.create(**given)


def test_the_banner_says_beforehand_when_and_for_what_to_whom_it_concerns(place: Place, national: Any):
    row = planned(caisse=place.doubs, fonctions=["DOSSIER"])
    assert "CPAM du Doubs\u00a0: portail indisponible du" in row.intervention
    assert row.intervention.endswith("pour\u00a0: Transmettre un dossier (CSS, AME).")
    seen = {
        name: "Maintenance de nuit" in place.client(user).get("/accessibilite/").content.decode()
        for name, user in {
            "tech": place.tech,
            "agent": place.agent,
            "national": place.national,
            "other": place.other_gest,
            "other_agent": place.other_agent,
        }.items()
    }
    assert seen == {"tech": True, "agent": True, "national": True, "other": False, "other_agent": False}
    assert "Maintenance de nuit" not in Client().get("/accessibilite/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"intervention_fin": ""},
        {"intervention_fin": "2026-12-01T19:00"},
        {"fin": "2026-12-01T21:00"},
        {"intervention_debut": "", "intervention_fin": "", "fonctions": ["DOSSIER"]},
    ],
)
def test_an_intervention_has_two_ends_within_its_banner(place, national, fields):
    data = {
        "niveau": "warning",
        "titre": "Maintenance",
        "debut": "2026-11-20T08:00",
        "fin": "2026-12-01T23:00",
        "intervention_debut": "2026-12-01T20:00",
        "intervention_fin": "2026-12-01T22:00",
    }
    assert national.post(admin_url("caisses_annonce", "add"), {**data, **fields}).status_code == 422
    assert national.post(admin_url("caisses_annonce", "add"), data).status_code == 302


def test_the_mails_go_once_to_those_who_were_chosen_around_the_caisse(place, national):
    row = planned(caisse=place.doubs)
    path = admin_url("caisses_annonce", "prevenir", row.pk)
    assert "2 personnes au plus reçoivent" in national.get(path).content.decode()
    assert national.post(path, {}).status_code == 422
    assert national.post(path, {"profils": ["gestionnaire", "admin_caisse"]}).status_code == 302
    mails = Courriel.objects.filter(evenement="maintenance_prevue")
    assert {mail.destinataire_id for mail in mails} == {place.gest.pk, place.admin.pk}
    assert mails[0].donnees["heures"] == 3
    assert f"à partir du {mails[0].donnees['echeance']}. Durée prévue" in render(mails[0]).html
    assert set(mails[0].donnees) == {"echeance", "heures", "caisse"}
    assert national.get(path).status_code == 403
    event = Evenement.objects.get(objet="annonce", details__acte="courriels")
    assert event.details["nombre"] == 2
    with pytest.raises(DomainError, match="déjà partis"):
        tell_of_maintenance(actor=membership_of(place.national), annonce=row, profils=(Profil.GESTIONNAIRE,))


def test_a_caisse_says_its_other_channel_for_each_function(place, admin, folder):
    assert (
        edit(admin, place, canal_secours="Ligne partenaires", canal_dossier="Par la poste").status_code == 302
    )
    place.doubs.refresh_from_db()
    assert place.doubs.canaux_secours == {"DOSSIER": "Par la poste"}
    assert edit(admin, place, canal_dossier="Dossier 1 85 05 78 006 048 30").status_code == 422
    planned(caisse=place.doubs)
    assert write_pages() is True
    assert write_pages() is False
    page = (folder / "indisponible.html").read_text(encoding="utf-8")
    for words in (
        "Ligne partenaires",
        "Transmettre un dossier (CSS, AME)",
        "Par la poste",
        "portail indisponible du",
    ):
        assert words in page
    assert '<details id="caisse-251">' in page
    assert len(json.loads((folder / "secours.json").read_text(encoding="utf-8"))["caisses"]) == 2


def test_the_file_needs_nothing_else_and_has_the_style_the_proxy_lets_through(place, folder):
    write_pages()
    page = (folder / "indisponible.html").read_text(encoding="utf-8")
    still = (Path(django_settings.BASE_DIR) / "deploy/nginx/indisponible.html").read_text(encoding="utf-8")
    assert STYLE.findall(page) == STYLE.findall(still)
    assert re.findall(r"(?:src|href)=\"([^\"]*)\"", page) == ["data:,", "/"]
    assert not re.search(r"<script|url\(|@import| style=|http", page)


def test_the_pages_of_maintenance_and_outage_show_the_channels_without_the_database(
    place, folder, settings, monkeypatch
):
    place.doubs.canal_secours = "Appelez la ligne des partenaires."
    place.doubs.save()
    write_pages()
    settings.MAINTENANCE = "14 h"
    with CaptureQueriesContext(connection) as queries:
        closed = Client().get("/")
    assert (closed.status_code, len(queries)) == (503, 0)
    assert "Appelez la ligne des partenaires." in closed.content.decode()
    settings.MAINTENANCE = ""
    client = Client(raise_request_exception=False)
    client.cookies["ep_session"] = "anything"

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        away = client.get("/connexion/")
    assert away.status_code == 503
    assert "Appelez la ligne des partenaires." in away.content.decode()


def test_a_page_that_was_never_written_or_is_broken_hides_nothing_else(folder, client, settings):
    settings.MAINTENANCE = "1"
    assert "En attendant" in client.get("/").content.decode()
    folder.mkdir()
    (folder / "secours.json").write_text("{", encoding="utf-8")
    assert "En attendant" in client.get("/").content.decode()


def test_a_caisse_is_opened_and_closed_with_a_reason_by_the_national_administrator(place, national, admin):
    close = admin_url("caisses_caisse", "fermer", place.doubs.pk)
    assert admin.get(close).status_code == 403
    assert "n’ouvrent plus rien" in national.get(close).content.decode()
    assert national.post(close, {}).status_code == 422
    assert national.post(close, {"motif": "regroupement"}).status_code == 302
    place.doubs.refresh_from_db()
    assert not place.doubs.active
    assert not membership_of(place.tech).caisses_ouvertes  # type: ignore[union-attr]
    event = Evenement.objects.get(objet="caisse", details__acte="fermeture")
    assert (event.details["motif"], event.acteur_id) == ("regroupement", place.national.pk)
    assert national.post(admin_url("caisses_caisse", "ouvrir", place.doubs.pk)).status_code == 302
    place.doubs.refresh_from_db()
    assert place.doubs.active


def test_a_new_caisse_starts_closed_and_opens_by_its_act_alone(place, national):
    path = admin_url("caisses_caisse", "change", place.doubs.pk)
    form = national.get(path).context["adminform"].form
    assert "active" not in form.fields
