"""The admin as a tool: figures at a glance, what waits by urgency, filters, and the export of what is listed."""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.contrib import admin as django_admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Profil
from accounts.models import Utilisateur
from accounts.stepping_up import LISTS
from partners.models import Convention
from portal import clock
from portal.admin_index import Figure, ToDo, by_urgency
from portal.audit.journal import record
from portal.audit.models import Evenement, Verbe
from tests import factories as f
from tests.fixtures.administration import CANARY, Place, admin_url

pytestmark = pytest.mark.django_db
STRUCTURES, CONVENTIONS = admin_url("partners_partenaire"), admin_url("partners_convention")
COMPTES, JOURNAL = admin_url("accounts_comptepartenaire"), admin_url("audit_evenement")


@pytest.fixture
def place(made_administration: Callable[[], Place], _scope: None) -> Place:
    return made_administration()


@pytest.fixture
def admin(place: Place) -> Any:
    return place.client(place.admin)


def listed(client: Any, path: str, **query: str) -> list[str]:
    """What a list shows."""
    return [str(row) for row in client.get(path, query).context["cl"].result_list]


def lines(response: Any) -> list[str]:
    """The lines of a CSV."""
    return response.getvalue().decode("utf-8-sig").splitlines()


def test_what_is_due_first_stands_first():
    today = clock.today()
    waiting = [
        ("Sans date", "/a"),
        ToDo("Demain", "/b", today + timedelta(1)),
        ToDo("Hier", "/c", today - timedelta(1)),
    ]
    assert [row.phrase for row in by_urgency(waiting)] == ["Hier", "Demain", "Sans date"]
    assert (Figure("", 1204, "").texte, Figure("", 2, "", 5).texte) == ("1\u00a0204", "2 sur 5")


def test_the_index_counts_the_accounts_of_the_quota_and_the_conventions_that_end(place, admin):
    Convention.objects.filter(pk=place.convention.pk).update(date_fin=clock.today() + timedelta(days=80))
    f.utilisateur(Profil.GESTIONNAIRE, place.valbrume)
    page = admin.get("/admin/")
    said = {figure.libelle: figure for figure in page.context["chiffres"]}
    accounts = said["comptes de gestionnaire utilisés"]
    assert (accounts.texte, accounts.precision) == ("2 sur 2", "1 structure au complet")
    ending = said["convention finit dans les 120\u00a0jours"]
    assert (ending.valeur, ending.alerte) == (1, True)
    assert listed(admin, CONVENTIONS, fin="120") == [str(place.convention)]
    assert listed(admin, CONVENTIONS, fin="60") == []
    assert "2 sur 2" in page.content.decode()


@pytest.mark.parametrize("who", ["national", "admin"])
def test_the_index_asks_as_many_queries_whatever_it_counts(place, who):
    client = place.client(getattr(place, who))
    client.get("/admin/")
    asked = []
    for _ in range(2):
        for _ in range(3):
            structure = f.partenaire(place.doubs)
            f.convention(structure, place.doubs, date_fin=clock.today() + timedelta(days=30))
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/").status_code == 200
        asked.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert asked[0] == asked[1] <= 12, "\n".join(query["sql"][:250] for query in queries)


def test_structures_by_quota_and_accounts_by_profile_and_last_sign_in(place, admin):
    empty = f.partenaire(place.doubs, raison_sociale="CCAS sans gestionnaire")
    f.convention(empty, place.doubs)
    without = f.partenaire(place.doubs, raison_sociale="Union sans convention d’utilisation")
    f.utilisateur(Profil.GESTIONNAIRE, place.valbrume)
    assert listed(admin, STRUCTURES, gestionnaires="complet") == [str(place.valbrume)]
    assert listed(admin, STRUCTURES, gestionnaires="places") == [str(empty)]
    assert listed(admin, STRUCTURES, gestionnaires="aucun") == [str(empty)]
    to_do = [row.phrase for row in admin.get("/admin/").context["a_faire"]]
    assert f"Désigner un gestionnaire\u00a0: {empty}" in to_do
    assert not any(str(without) in phrase for phrase in to_do)
    assert listed(admin, STRUCTURES, acces="coupe") == []
    Utilisateur.objects.filter(pk=place.tech.pk).update(
        last_login=clock.now() - timedelta(days=100), active_le=clock.now() - timedelta(days=120)
    )
    assert listed(admin, COMPTES, connexion="90") == [str(place.tech)]
    assert listed(admin, COMPTES, connexion="180") == []
    assert len(listed(admin, COMPTES, connexion="jamais", profil="gestionnaire")) == 2


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_export_holds_the_rows_and_columns_that_are_listed(place, admin, format):
    place.valbrume.raison_sociale = "=1+1"
    place.valbrume.save()
    f.partenaire(place.doubs, raison_sociale="Autre structure")
    response = admin.get(STRUCTURES, {"q": "=1", "export": format})
    if format == "csv":
        first, row = lines(response)
        assert first == "Raison sociale;Type;Commune;Nombre de membres;Gestionnaires;Accès"
        assert row.startswith("'=1+1;CCAS;")
        assert row.endswith(";8;1 sur 2 utilisé;Ouvert")
    else:
        xml = zipfile.ZipFile(BytesIO(response.getvalue())).read("xl/worksheets/sheet1.xml").decode()
        assert (xml.count("<row "), "'=1+1" in xml, "<f>" in xml) == (2, True, False)
    event = Evenement.objects.get(verbe=Verbe.EXPORT)
    assert event.details == {"format": format, "lignes": 1, "filtres": []}
    assert (event.objet, event.caisse_id) == ("partenaire", place.doubs.pk)


def test_an_export_asks_for_a_recent_code_and_for_the_role(place):
    late = place.client(place.admin, recent=False)
    assert late.get(STRUCTURES).status_code == 200
    assert late.get(STRUCTURES, {"export": "csv"}).status_code == 302
    assert place.client(place.admin).get(admin_url("caisses_annonce"), {"export": "csv"}).status_code == 403
    assert place.client(place.agent).get(STRUCTURES, {"export": "csv"}).status_code == 403


@pytest.mark.parametrize(
    "path", [STRUCTURES, CONVENTIONS, COMPTES, admin_url("accounts_comptecaisse"), JOURNAL]
)
def test_no_export_holds_another_caisse(place, admin, path):
    record(Verbe.COMPTE, caisse_id=place.loire.pk, objet="compte", objet_id=CANARY)
    text = "\n".join(lines(admin.get(path, {"export": "csv"})))
    assert text.count("\n") >= 1 or path == JOURNAL
    assert CANARY not in text


def test_the_export_of_the_journal_is_filtered_and_masked_like_its_list(place, admin):
    now = clock.now()
    with clock.at(now - timedelta(days=40)):
        record(Verbe.COMPTE, actor=None, caisse_id=place.doubs.pk, objet="compte", objet_id="41")
    record(
        Verbe.CONSULTATION,
        acteur_id=place.agent.pk,
        caisse_id=place.doubs.pk,
        objet="demande",
        objet_id="EP-251-CANAR-00",
        details={"page": "traitement"},
    )
    day = str(clock.today() - timedelta(days=10))
    assert len(lines(admin.get(JOURNAL, {"export": "csv", "sur": "compte", "au": day}))) == 2
    assert len(lines(admin.get(JOURNAL, {"export": "csv", "sur": "compte", "du": day}))) == 1
    mine = lines(admin.get(JOURNAL, {"export": "csv", "compte": place.agent.identifiant.upper()}))
    assert len(mine) == 2
    assert "EP-251-CANAR-00" in mine[1]
    assert len(lines(admin.get(JOURNAL, {"export": "csv", "compte": "personne"}))) == 1
    assert len(lines(admin.get(JOURNAL, {"export": "csv", "compte": place.other_agent.identifiant}))) == 1
    national = "\n".join(lines(place.client(place.national).get(JOURNAL, {"export": "csv"})))
    assert "Réservé à la caisse" in national
    assert "EP-251" not in national
    assert "traitement" not in national


def test_a_period_that_cannot_be_read_filters_nothing(admin, place):
    record(Verbe.COMPTE, caisse_id=place.doubs.pk, objet="compte", objet_id="41")
    page = admin.get(JOURNAL, {"du": "hier", "verbe__exact": "compte"})
    assert page.status_code == 200
    assert len(page.context["cl"].result_list) == 1
    assert '<input type="hidden" name="verbe__exact" value="compte">' in page.content.decode()


ACTS = [
    (model_admin, name, act)
    for model_admin in django_admin.site._registry.values()
    for name, act in getattr(model_admin, "acts", {}).items()
]
# The first is a party's right, whose letter gives the day; the others name what is taken away, and their title why.
WITHOUT_REASON = {"denoncer", "retirer-document", "reprise"}


def test_nothing_weighty_goes_by_another_way_than_its_page():
    for model_admin in django_admin.site._registry.values():
        assert not getattr(model_admin, "list_editable", ()), model_admin
        assert getattr(model_admin, "actions", None) is None, model_admin
        fields = set(getattr(model_admin.form, "base_fields", ()))
        assert not fields & {"is_active", "etat", "suspendu_le", "active"} or "active" in fields, model_admin


@pytest.mark.parametrize(("model_admin", "name", "act"), ACTS, ids=lambda value: str(value)[:30])
def test_a_dangerous_act_asks_for_its_reason_and_a_recent_code(model_admin, name, act):
    if act.danger and name not in WITHOUT_REASON:
        assert {"motif", "commentaire", "manquement", "raison"} & set(act.form.base_fields), name
    route = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{name}"
    assert not route.endswith(LISTS)
