"""« Mon profil », and what is journaled of refusals."""

import pytest
from django.test import override_settings

from accounts.enums import Profil
from partners.enums import EtatConvention
from partners.models import Convention, Referent
from portal.audit.models import Evenement, Verbe
from tests import factories as f
from tests.fixtures.signing_in import sign_in

pytestmark = pytest.mark.django_db
URL = "/mon-profil/"


@pytest.fixture
def user():
    return f.utilisateur(Profil.TECHNICIEN, f.partenaire(f.caisse()), nom="Avant")


def preferences(**fields):
    return {"frequence_courriels": "QUOTIDIEN", "theme": "dark", "densite": "compacte", **fields}


def test_preferences_are_kept(client, user):
    sign_in(client, user)
    response = client.post(URL, preferences())
    assert response["Location"] == URL
    user.refresh_from_db()
    assert (user.frequence_courriels, user.theme) == ("QUOTIDIEN", "dark")
    page = client.get(URL).content.decode()
    assert "Vos préférences sont enregistrées." in page
    assert 'data-bs-theme="dark"' in page


def test_nothing_else_can_be_changed(client, user):
    sign_in(client, user)
    client.post(
        URL,
        preferences(
            nom="Après", courriel="x@evil.example", profil="national", is_active="0", identifiant="autre"
        ),
    )
    before = (user.nom, user.courriel, user.profil, user.identifiant)
    user.refresh_from_db()
    assert (user.nom, user.courriel, user.profil, user.identifiant) == before


def test_an_unknown_choice_is_refused(client, user):
    sign_in(client, user)
    assert client.post(URL, preferences(theme="rose")).status_code == 422


@pytest.mark.parametrize("profil", list(Profil))
def test_everybody_has_a_profile(client, profil):
    caisse = f.caisse()
    place = {"gestionnaire": "p", "technicien": "p", "national": None}.get(profil.value, "c")
    organisation = {"p": lambda: f.partenaire(caisse), "c": lambda: caisse, None: lambda: None}[place]()
    sign_in(client, f.utilisateur(profil, organisation))
    assert client.get(URL).status_code == 200


def test_a_technicien_reads_whom_to_write_to_at_each_caisse(client):
    caisse = f.caisse()
    convention = f.convention(f.partenaire(caisse), caisse)
    for partie, nom in (("CAISSE", "Référefictive"), ("PARTENAIRE", "Interne")):
        Referent.objects.create(convention=convention, partie=partie, nom=nom, courriel="r@caisse.example")
    sign_in(client, f.utilisateur(Profil.TECHNICIEN, convention.partenaire))
    assert client.get(URL).context["interlocuteurs"] == [
        (convention.caisse.nom, "Référefictive, r@caisse.example")
    ]
    Convention.objects.update(etat=EtatConvention.SUSPENDUE)
    assert client.get(URL).context["interlocuteurs"]
    Convention.objects.update(etat=EtatConvention.RESILIEE, motif_fin="ACCORD", date_fin="2026-01-31")
    assert client.get(URL).context["interlocuteurs"] == []


def test_a_refusal_is_journaled_though_the_request_is_rolled_back(client, user):
    sign_in(client, user)
    assert client.get("/espace-partenaire/comptes/").status_code == 403
    event = Evenement.objects.get(verbe=Verbe.ACCES_REFUSE)
    assert (event.acteur_id, event.role, event.details["statut"]) == (user.pk, "technicien", 403)
    assert event.partenaire_id is not None
    assert event.caisse_id is not None


def test_a_page_that_does_not_exist_is_not_journaled(client, user):
    sign_in(client, user)
    assert client.get("/nulle-part/").status_code == 404
    assert not Evenement.objects.filter(verbe=Verbe.ACCES_REFUSE).exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
@pytest.mark.parametrize("url", ["/connexion/", "/nulle-part/", "/activation/x/y/"])
def test_every_answer_carries_the_headers(client, url, name, value):
    response = client.get(url)
    assert response[name] == value
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_the_cookies_are_closed_to_scripts_and_to_other_sites(client, user):
    user.set_password(f.PASSWORD)
    user.save()
    with override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True):
        client.get("/connexion/")
        data = {"identifiant": user.identifiant, "mot_de_passe": f.PASSWORD}
        response = client.post("/connexion/", data, secure=True)
    for name in ("ep_session", "ep_csrf"):
        cookie = response.cookies[name]
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
