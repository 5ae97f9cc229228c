"""What shows nothing of the demandes of A and X to those who must see nothing of them.

The pages of the matrix are looked at where they are asked (tests/permissions/test_matrix.py); here are their variants.
"""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partners.enums import EtatConvention
from partners.models import Convention
from portal.reference import new_reference
from signalements.queries.file_caisse import VUES
from signalements.queries.partner import ONGLETS
from tests.leaks.canaries import (
    NOTE,
    OF_THE_CAISSE,
    OUTSIDERS,
    PERSONNE,
    SEEN_BY_BOTH,
    found_in,
    leaked,
    read,
    references,
)
from tests.permissions import admin_routes, matrix, routes
from tests.permissions.test_matrix import undone
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

ADMINISTRATORS = {"admin_x", "admin_y", "national"}
# Every view, tab, filter and search of the lists.
QUERIES = {
    "signalements:demandes": [f"onglet={tab}" for tab in ONGLETS],
    "signalements:file": [*(f"vue={view}" for view in VUES), "structure={structure_a}", "agent={agent_x}"],
    "signalements:pilotage": ["liste=sans-agent", "liste={agent_x}"],
    "accounts:techniciens": ["q=Zorglub", "etat=ACTIF", "vue=absents"],
}
TABLE = matrix.rows()
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def addresses(world: World, actor: str, *, variants: bool = False) -> list[str]:
    """Every address of the site, with the objects of A and X, and the variants of the lists.

    `variants` leaves out what the matrix asks.
    """
    ids = {
        "structure_a": world.objects["structure_a"].pk,
        "agent_x": world.users["agent_x"].pk,
    }
    found = []
    for route in routes.all_routes():
        if route.is_admin:
            if actor not in ADMINISTRATORS:
                continue
            base = admin_routes.address(route, world)
            plain = not variants
            more = [f"{base}?q=Zorglub"] if route.name.endswith("_changelist") else []
        else:
            base = routes.address(route, world)
            plain = not variants or ("GET", route.name) not in TABLE
            more = [f"{base}?{query.format(**ids)}" for query in QUERIES.get(route.name, [])]
            if route.name in {"signalements:demande", "signalements:traitement"}:
                more += [reverse(route.view_name, args=[reference]) for reference in references(world)]
        found += [base, *more] if plain else more
    return found


def walk(client: Client, world: World, actor: str, **options: bool) -> dict[str, str]:
    """What each address answers; nothing the walk does stays."""
    client.raise_request_exception = False
    pages = {}
    for address in addresses(world, actor, **options):
        with undone(client):
            pages[address] = read(client.get(address))
    return pages


@pytest.mark.parametrize("actor", OUTSIDERS)
def test_no_variant_of_a_page_shows_a_word_or_a_reference(
    world: World, actor: str, caplog: pytest.LogCaptureFixture
) -> None:
    guilty = []
    for address, page in walk(world.client(actor), world, actor, variants=True).items():
        guilty += leaked(world, actor, address, page)
    assert not guilty, "\n".join(guilty)
    assert found_in(caplog.text) == []


def test_those_at_home_see_them_in_no_title_and_no_address(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The walk would find a leak: it finds every word where it belongs, and notes on one side only."""
    whole = {}
    for actor in ("technicien_a", "agent_x"):
        pages = walk(world.client(actor), world, actor)
        whole[actor] = "\n".join(pages.values())
        for address, page in pages.items():
            head = page[page.find("<head") :].partition("</head>")[0] if "<head" in page else ""
            links = " ".join(re.findall(r'(?:href|action|src|formaction)="([^"]*)"', page))
            assert (found_in(head), found_in(links)) == ([], []), address
    partner, staff = whole.values()
    assert set(SEEN_BY_BOTH) - set(found_in(partner)) == set()
    assert set(SEEN_BY_BOTH + OF_THE_CAISSE) - set(found_in(staff)) == set()
    assert set(OF_THE_CAISSE) & set(found_in(partner)) == set()
    assert found_in(caplog.text) == []


def test_a_convention_that_ends_closes_everything_at_the_next_request(world: World) -> None:
    client = world.client("technicien_a")
    reference = world.objects["envoyee"].reference
    address = reverse("signalements:demande", args=[reference])
    assert found_in(client.get(address).content.decode())
    Convention.objects.filter(partenaire=world.objects["structure_a"]).update(etat=EtatConvention.RESILIEE)
    guilty = [
        f"{page}: {words}"
        for page, text in walk(client, world, "technicien_a").items()
        if (words := found_in(text))
    ]
    assert not guilty, "\n".join(guilty)


@pytest.mark.parametrize("actor", ["technicien_b", "convention_finie", "agent_y"])
def test_no_search_finds_it_and_no_counter_counts_it(world: World, actor: str) -> None:
    client = world.client(actor)
    staff = actor == "agent_y"
    address = reverse("signalements:recherche" if staff else "signalements:demandes")
    wanted = [PERSONNE["nom_naissance"], PERSONNE["prenom"], "28/02/1907", *references(world)]
    for words in wanted:
        with undone(client):
            page = client.post(address, {"q": words}, follow=True).content.decode()
        assert not [ref for ref in references(world) if ref in page and ref != words], words
        assert (
            reverse(
                "signalements:traitement" if staff else "signalements:demande", args=[references(world)[0]]
            )
            not in page
        )
        assert NOTE not in page


OBJECTS = [
    ("technicien_b", "signalements:", {"reference": lambda: new_reference("251")}),
    ("agent_y", "signalements:", {"reference": lambda: new_reference("251")}),
    ("technicien_b", "documents:", {"piece_id": uuid.uuid4}),
    ("agent_y", "documents:", {"piece_id": uuid.uuid4}),
    ("gestionnaire_b", "accounts:technicien", {"pk": lambda: 987654321}),
]


@pytest.mark.parametrize(("actor", "prefix", "unknown"), OBJECTS, ids=[f"{a}-{p}" for a, p, _ in OBJECTS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_anothers_object_answers_as_an_unknown_one(
    world: World, actor: str, prefix: str, unknown: dict[str, Any], method: str
) -> None:
    client, compared = world.client(actor), 0
    for route in routes.all_routes():
        kwargs = routes.ADDRESSES[route.name](world) if route.name in routes.ADDRESSES else {}
        if not route.name.startswith(prefix) or not set(unknown) & set(kwargs):
            continue
        answers = []
        for arguments in (kwargs, {**kwargs, **{name: make() for name, make in unknown.items()}}):
            address = reverse(route.view_name, kwargs={**dict(route.defaults), **arguments})
            with undone(client):
                response = getattr(client, method)(
                    address, routes.form(route, world) if method == "post" else {}
                )
                text = TOKEN.sub("", read(response)).replace(address, "…")
                # A number may stand anywhere by chance: it counts within the address only.
                for value in (str(value) for value in arguments.values() if not isinstance(value, int)):
                    text = text.replace(value, "…")
                answers.append((response.status_code, text))
        assert answers[0] == answers[1], route.name
        compared += 1
    assert compared
