"""Who enters the admin, what each finds there, and that the database login stays what it is."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.urls import reverse

from accounts.enums import Profil
from caisses.models import Caisse
from portal.admin_models import PortalModelAdmin
from portal.admin_site import LABELS, SECTIONS, PortalAdminSite
from portal.audit.journal import record
from portal.audit.models import Evenement, Verbe
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.administration import CANARY, Place, admin_url
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db
# What the page repeats of the search itself.
ASKED = re.compile(rf'value="{CANARY}"|href="[^"]*q(=|%3D){CANARY}[^"]*"')
LISTS = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]


@pytest.fixture
def place(made_administration: Callable[[], Place], _scope: None) -> Place:
    return made_administration()


def test_the_site_is_ours_and_holds_no_demande_and_nothing_of_the_libraries():
    assert isinstance(admin.site._wrapped, PortalAdminSite)  # type: ignore[attr-defined]
    models = list(admin.site._registry)
    # A kind of demande may have reference lists here, never the demandes.
    apps = {m._meta.app_label for m in models if "signalements.kinds" not in m.__module__}
    assert apps == {"caisses", "partners", "accounts", "documents", "audit"}
    assert not [m for m in models if m._meta.app_label == "signalements" or hasattr(m, "demande")]
    assert all(getattr(a, "by_role", False) for a in admin.site._registry.values())


def test_a_stranger_signs_in_on_the_portal(client):
    for path in ("/admin/", admin_url("partners_convention")):
        response = client.get(path, follow=True)
        assert response.redirect_chain[-1][0].startswith("/connexion/?next=/admin/")
    assert client.get("/admin/login/?next=https://evil.example/")["Location"] == "/connexion/?next=/admin/"


@pytest.mark.parametrize("who", ["gest", "tech", "agent"])
@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/partners/convention/"])
def test_other_roles_are_refused(place, who, path):
    assert place.client(getattr(place, who)).get(path).status_code == 403


def test_the_second_factor_is_needed(place):
    for user in (place.admin, place.national):
        response = place.client(user, verified=False).get("/admin/")
        assert response.status_code == 302
        assert response["Location"].startswith("/connexion/")


@pytest.mark.parametrize("name", ["logout", "password_change", "view_on_site"])
def test_the_portal_keeps_its_own_pages(name):
    from django.urls import NoReverseMatch

    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}", args=[1, 1] if name == "view_on_site" else [])


def test_the_index_is_in_french_by_what_people_come_to_do(place):
    response = place.client(place.admin).get("/admin/")
    titles = [LABELS.get(name, name) for name in SECTIONS]
    assert [section["name"] for section in response.context["app_list"]] == [
        title for title in titles if not title.startswith("Annonces")
    ]
    national = place.client(place.national).get("/admin/")
    assert [section["name"] for section in national.context["app_list"]] == titles
    assert "Recent actions" not in response.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_no_list_shows_another_caisse(place, name):
    record(Verbe.COMPTE, caisse_id=place.loire.pk, objet="compte", objet_id=CANARY, details={"acte": CANARY})
    client = place.client(place.admin)
    for query in ({}, {"q": CANARY}, {"q": "a", "all": ""}):
        response = client.get(admin_url(name), query)
        if response.status_code == 403:
            assert "annonce" in name or "cgu" in name
            continue
        shown = [str(row) for row in response.context["cl"].result_list]
        text = ASKED.sub("", response.content.decode())
        assert CANARY not in text, (name, shown)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_opens_for_whom_it_is_for(place, name):
    assert place.client(place.national).get(admin_url(name)).status_code == 200


def test_an_object_of_another_caisse_is_as_unknown_as_none_at_all(place):
    client = place.client(place.admin)
    others = {
        "caisses_caisse": place.loire,
        "partners_partenaire": place.pontreval,
        "partners_convention": place.other_convention,
        "accounts_comptepartenaire": place.other_gest,
        "accounts_comptecaisse": place.other_agent,
    }
    for model, obj in others.items():
        for view in ("change", "history"):
            other = client.get(admin_url(model, view, obj.pk))
            unknown = client.get(admin_url(model, view, 999_999))
            assert (other.status_code, unknown.status_code) == (404, 404), model
            assert other.content == unknown.content
        assert client.post(admin_url(model, "change", obj.pk), {"nom": "x"}).status_code == 404
    for act in ("inactiver", "couper", "reactiver", "inviter"):
        for obj in (place.other_gest, place.other_agent):
            model = "accounts_comptepartenaire" if obj is place.other_gest else "accounts_comptecaisse"
            path = admin_url(model, act, obj.pk)
            assert client.get(path).status_code == 404
            assert client.post(path, {"motif": "usage_frauduleux"}).status_code == 404
            obj.refresh_from_db()
            assert obj.is_active
    for act in ("couper", "retablir"):
        path = admin_url("partners_partenaire", act, place.pontreval.pk)
        assert client.post(path, {"motif": "usage_frauduleux"}).status_code == 404
    for act in ("suspendre", "resilier"):
        path = admin_url("partners_convention", act, place.other_convention.pk)
        assert client.get(path).status_code == 404


def test_completion_lists_offer_only_what_one_may_see(place):
    def offered(user: Any, model: str, field: str, term: str = "") -> Any:
        query = {
            "app_label": model.split(".")[0],
            "model_name": model.split(".")[1],
            "field_name": field,
            "term": term,
        }
        response = place.client(user).get("/admin/autocomplete/", query)
        assert response.status_code == 200
        return {row["text"] for row in response.json()["results"]}

    assert offered(place.admin, "partners.convention", "partenaire") == {"CCAS de Valbrume"}
    assert offered(place.admin, "partners.convention", "partenaire", CANARY) == set()
    assert offered(place.admin, "accounts.rolepartenaire", "content_object") == {"CCAS de Valbrume"}
    assert len(offered(place.national, "partners.convention", "partenaire")) == 2
    assert len(offered(place.admin, "partners.convention", "adossee_a")) == 2
    stranger = StrangerClient().get("/admin/autocomplete/", {"app_label": "partners"})
    assert stranger.status_code == 302


def test_the_journal_is_read_and_nothing_else(place):
    record(Verbe.COMPTE, caisse_id=place.doubs.pk, acteur_id=place.admin.pk, objet="compte", objet_id="7")
    event = Evenement.objects.get(objet_id="7")
    client = place.client(place.admin)
    page = client.get(admin_url("audit_evenement", "change", event.pk))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(admin_url("audit_evenement", "change", event.pk), {"objet": "x"}).status_code == 403
    assert client.post(admin_url("audit_evenement", "delete", event.pk), {"post": "yes"}).status_code == 403
    assert client.post(admin_url("audit_evenement", "add"), {"objet": "x"}).status_code == 403
    assert Evenement.objects.get(objet_id="7").objet == "compte"


def test_the_national_administrator_reads_the_journal_without_what_demandes_hold(place):
    record(
        Verbe.CONSULTATION,
        caisse_id=place.doubs.pk,
        objet="demande",
        objet_id="EP-251-CANAR-00",
        details={"piece": "canari-4242"},
    )
    path = admin_url("audit_evenement")
    own = place.client(place.admin).get(path).content.decode()
    assert "EP-251-CANAR-00" in own
    national = place.client(place.national)
    text = national.get(path).content.decode()
    assert "Réservé à la caisse" in text
    assert "EP-251" not in text
    assert "canari-4242" not in text
    assert not national.get(path, {"q": "EP-251-CANAR-00"}).context["cl"].result_list
    event = Evenement.objects.get(objet="demande")
    page = national.get(admin_url("audit_evenement", "change", event.pk)).content.decode()
    assert "EP-251" not in page
    history = national.get(admin_url("audit_evenement", "history", event.pk))
    assert "EP-251" not in history.content.decode()


def test_an_inactive_or_demoted_administrator_is_out_at_the_next_request(place):
    from accounts.models import RoleCaisse
    from accounts.operations.roles import give_role
    from portal import clock

    first, second = place.client(place.admin), place.client(place.other_admin)
    assert first.get("/admin/").status_code == 200
    type(place.admin).objects.filter(pk=place.admin.pk).update(is_active=False, inactive_le=clock.now())
    assert first.get("/admin/").status_code == 302
    RoleCaisse.objects.filter(user=place.other_admin).delete()
    assert second.get("/admin/").status_code == 403
    place.other_admin.profil = Profil.AGENT
    place.other_admin.save()
    give_role(place.other_admin, place.loire)
    assert second.get("/admin/").status_code == 403


def test_a_role_row_without_the_profile_gives_nothing(place):
    user = f.utilisateur(Profil.TECHNICIEN, place.valbrume)
    user.is_superuser = True
    user.save()
    assert sign_in(StrangerClient(), user).get("/admin/").status_code == 403


def test_an_admin_that_does_not_say_whose_rows_it_shows_cannot_be_registered() -> None:
    class Nobody(PortalModelAdmin):
        section = "Essai"

    with pytest.raises(TypeError, match="visible"):
        AdminSite().register(Caisse, Nobody)


def test_the_journal_speaks_french(place):
    record(
        Verbe.TRANSITION,
        role="conseiller_mas",
        caisse_id=place.doubs.pk,
        objet="demande",
        objet_id="EP-251-AAAAA-00",
        details={"de": "ENVOYEE", "vers": "EN_COURS", "version": 3},
    )
    page = place.client(place.admin).get(admin_url("audit_evenement")).content.decode()
    assert "Conseiller accompagnement santé" in page
    assert "de\u00a0: Envoyée, vers\u00a0: En cours" in page
    assert not re.search("conseiller_mas|EN_COURS", page)
