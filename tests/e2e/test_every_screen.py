"""Every page of the portal, as whoever may open it: accessible in light, dark and at 320 px, quiet on the console."""

from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from accounts.models import SessionAssistance
from portal import clock
from tests.fixtures.browser import assert_axe_clean
from tests.fixtures.signing_in import sign_in_browser
from tests.permissions import matrix, routes
from tests.permissions.world import ACTORS, World, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What is no page though its address has no extension: pictures, fragments, answers for machines.
NO_PAGES = {
    "documents:piece",
    "documents:fichier_convention",
    "documents:page",
    "accounts:avis_document",
    "documents:etat",
    "signalements:telephone_recus",
    "etat-live",
    "etat-ready",
}

# Pages that show something only while a session of support is under way.
SUPPORT = ["signalements:assistance", "signalements:assistance_demande"]


def pages() -> dict[str, list[str]]:
    """Actor → the pages read as them, each page as the first actor who gets it with its own content."""
    found: dict[str, list[str]] = {}
    for (method, name), answers in matrix.rows().items():
        if method != "GET" or name in NO_PAGES:
            continue
        actor = next((a for a, answer in zip(ACTORS, answers, strict=True) if answer in {"200", "410"}), None)
        if actor is not None:
            found.setdefault(actor, []).append(name)
    found.setdefault("national", []).extend(SUPPORT)
    return found


@pytest.mark.parametrize("actor", sorted(pages()))
def test_every_page_is_accessible(actor: str, new_context: Any, live_server: Any) -> None:
    with transaction.atomic():
        world: World = build()
        if actor == "national":
            SessionAssistance.objects.update(close_le=None, fin_prevue_le=clock.now() + timedelta(hours=1))
    context = new_context()
    if actor != "anonyme":
        with transaction.atomic():
            sign_in_browser(context, world.users[actor])
    by_name = {route.name: route for route in routes.all_routes()}
    page, wrong = context.new_page(), []
    for name in pages()[actor]:
        with transaction.atomic():
            address = routes.address(by_name[name], world)
        if PurePosixPath(urlsplit(address).path).suffix:
            # A file to keep.
            continue
        page.goto(address)
        try:
            assert page.locator("h1").count() == 1, f"{address}: one h1 a page"
            assert_axe_clean(page)
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
    assert not wrong, "\n".join(wrong)
