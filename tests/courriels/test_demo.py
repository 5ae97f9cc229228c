"""The demonstration shows what would have been sent; elsewhere the page does not exist."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.courriels.models import Courriel
from portal.courriels.outbox import queue
from portal.courriels.types import type_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Courriel:
    """A mail in the outbox."""
    queue(
        type_of("demande_recue"),
        cle="1",
        equipe="mas@cpam.example",
        reference="EP-251-7K3M2-42",
        lien="/espace-caisse/x/",
    )
    return Courriel.objects.get()


def test_it_does_not_exist_outside_the_demonstration(client: Client, row: Courriel) -> None:
    for path in (reverse("demo-courriels"), reverse("demo-courriel", args=[row.pk])):
        assert client.get(path).status_code == 404


def test_a_mail_is_shown_as_text_and_html_with_its_link(client: Client, row: Courriel, settings: Any) -> None:
    settings.DEMO = True
    settings.SITE_URL = "http://testserver"
    page = client.get(reverse("demo-courriels")).content.decode()
    assert reverse("demo-courriel", args=[row.pk]) in page
    shown = client.get(reverse("demo-courriel", args=[row.pk])).content.decode()
    assert shown.count('href="http://testserver/espace-caisse/x/"') == 2
    assert "Ne répondez pas" in shown


def test_an_unknown_mail_is_not_found(client: Client, settings: Any) -> None:
    settings.DEMO = True
    path = reverse("demo-courriel", args=["00000000-0000-7000-8000-000000000000"])
    assert client.get(path).status_code == 404
