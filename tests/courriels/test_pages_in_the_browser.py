"""The status page and the demonstration's mails, looked at in Chromium."""

from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from portal.courriels.outbox import queue
from portal.courriels.types import type_of
from tests.fixtures.browser import assert_axe_clean

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_status_page_is_accessible(page: Page, live_server: Any) -> None:
    page.goto("/etat/")
    expect(page.get_by_role("heading", level=1)).to_have_text("État du service")
    assert_axe_clean(page)


def test_the_mails_of_the_demonstration_are_read_in_both_forms(
    page: Page, live_server: Any, settings: Any, alone: None
) -> None:
    settings.DEMO = True
    with transaction.atomic():
        queue(
            type_of("demande_recue"),
            cle="1",
            equipe="mas@cpam.example",
            reference="EP-251-7K3M2-42",
            lien="/etat/",
            donnees={"echeance": "2026-12-01"},
        )
    page.goto("/demo/courriels/")
    assert_axe_clean(page)
    page.get_by_role("link", name="Demande reçue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("EP-251-7K3M2-42")
    expect(page.get_by_role("link", name="Voir la demande")).to_be_visible()
    assert_axe_clean(page)
