"""The public pages and the display choices."""

from http import HTTPStatus

import pytest
from django.template.loader import get_template

PUBLIC = ["/accessibilite/", "/plan-du-site/", "/mentions-legales/", "/donnees-personnelles/"]
ERRORS = ["400", "403", "403_csrf", "404", "500", "503", "maintenance"]


@pytest.mark.django_db
@pytest.mark.parametrize("url", PUBLIC)
def test_public_page_is_read_by_a_stranger(client, url):
    response = client.get(url)
    page = response.content.decode()

    assert response.status_code == HTTPStatus.OK
    assert page.count("<h1") == 1
    assert '<html lang="fr"' in page
    assert "Aller au contenu" in page
    assert "Se déconnecter" not in page


@pytest.mark.django_db
def test_accessibility_statement_is_honest(client):
    page = client.get("/accessibilite/").content.decode()

    assert "partiellement conforme" in page
    assert "22 novembre 2026" in page
    assert "Défenseur des droits" in page


@pytest.mark.django_db
def test_theme_is_kept_and_the_reader_returns_to_the_page(client):
    response = client.post("/affichage/", {"theme": "dark", "suite": "/plan-du-site/"})

    assert response.headers["Location"] == "/plan-du-site/"
    assert client.cookies["ep_theme"].value == "dark"
    assert 'data-bs-theme="dark"' in client.get("/plan-du-site/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://ailleurs.invalid/", "//ailleurs.invalid/", "javascript:alert(1)"]
)
def test_display_never_leads_elsewhere(client, target):
    assert client.post("/affichage/", {"theme": "dark", "suite": target}).headers["Location"] == "/"


@pytest.mark.django_db
def test_unknown_display_choice_changes_nothing(client):
    client.post("/affichage/", {"theme": '"><script>', "densite": "énorme"})

    assert not client.cookies


@pytest.mark.django_db
def test_forged_display_cookie_is_ignored(client):
    client.cookies["ep_theme"] = "x"

    assert 'data-bs-theme="auto"' in client.get("/plan-du-site/").content.decode()


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_needs_no_database_and_no_context(name):
    page = get_template(f"{name}.html").render({})

    assert page.count("<h1") == 1
    assert "Espace Partenaires</title>" in page
    assert "Référence de l’incident" not in page


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_gives_the_reference_of_the_incident(name):
    assert "INC-4F2A" in get_template(f"{name}.html").render({"incident": "INC-4F2A"})


def test_not_found_never_says_whether_the_object_exists():
    page = get_template("404.html").render({})

    assert "n’existe" not in page
    assert "supprimé" not in page
