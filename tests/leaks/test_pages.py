"""Every page of the site, asked by everybody who must see nothing of the demandes of A and X."""

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
from tests.leaks.canaries import NOTE, OF_THE_CAISSE, PERSONNE, SEEN_BY_BOTH, found_in, world_with_canaries
from tests.permissions import admin_routes, routes
from tests.permissions.test_matrix import undone
from tests.permissions.world import ACTORS, World

AT_HOME = {"technicien_a", "agent_x", "conseiller_x", "superviseur_x"}
OUTSIDERS = [actor for actor in ACTORS if actor not in AT_HOME]
ADMINISTRATORS = {"admin_x", "admin_y", "national"}
# Every view, tab, filter and search of the lists.
QUERIES = {
    "signalements:demandes": [f"onglet={tab}" for tab in ONGLETS],
    "signalements:file": [*(f"vue={view}" for view in VUES), "structure={structure_a}", "agent={agent_x}"],
    "signalements:pilotage": ["liste=sans-agent", "liste={agent_x}"],
    "accounts:techniciens": ["q=Zorglub", "etat=ACTIF", "vue=absents"],
}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture
def world(db: None) -> World:
    """See `canaries`."""
    return world_with_canaries()


def addresses(world: World, actor: str) -> list[str]:
    """Every address of the site, with the objects of A and X, and the variants of the lists."""
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
            found += [base, f"{base}?q=Zorglub"] if route.name.endswith("_changelist") else [base]
        else:
            base = routes.address(route, world)
            if route.name in {"signalements:demande", "signalements:traitement"}:
                found += [reverse(route.view_name, args=[reference]) for reference in references(world)]
            found += [base, *(f"{base}?{query.format(**ids)}" for query in QUERIES.get(route.name, []))]
    return found


def read(response: Any) -> str:
    """The whole answer: status line, headers, body."""
    body = response.getvalue() if response.streaming else response.content
    return f"{response.headers}\n{body.decode('utf-8', 'replace')}"


def walk(client: Client, world: World, actor: str) -> dict[str, str]:
    """What each address answers; nothing the walk does stays."""
    client.raise_request_exception = False
    pages = {}
    for address in addresses(world, actor):
        with undone(client):
            pages[address] = read(client.get(address))
    return pages


def references(world: World) -> list[str]:
    """The references of the demandes of A and X."""
    return [
        world.objects[key].reference for key in ("envoyee", "en_cours", "traitee", "a_completer", "brouillon")
    ]


@pytest.mark.parametrize("actor", OUTSIDERS)
def test_no_page_shows_a_word_or_a_reference(
    world: World, actor: str, caplog: pytest.LogCaptureFixture
) -> None:
    guilty = []
    for address, page in walk(world.client(actor), world, actor).items():
        guilty += [f"{address}: {word}" for word in found_in(page)]
        journal = actor == "admin_x" and "/audit/" in address
        guilty += [
            f"{address}: {ref}"
            for ref in references(world)
            if ref in page and ref not in address and not journal
        ]
    assert not guilty, "\n".join(guilty)
    assert found_in(caplog.text) == []


def test_those_at_home_see_them(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """The walk would find a leak: it finds every word where it belongs, and notes on one side only."""
    partner = "\n".join(walk(world.client("technicien_a"), world, "technicien_a").values())
    staff = "\n".join(walk(world.client("agent_x"), world, "agent_x").values())
    assert set(SEEN_BY_BOTH) - set(found_in(partner)) == set()
    assert set(SEEN_BY_BOTH + OF_THE_CAISSE) - set(found_in(staff)) == set()
    assert set(OF_THE_CAISSE) & set(found_in(partner)) == set()
    assert found_in(caplog.text) == []


def test_no_title_and_no_address_names_the_person(world: World) -> None:
    for actor in ("technicien_a", "agent_x"):
        for address, page in walk(world.client(actor), world, actor).items():
            head = page[page.find("<head") :].partition("</head>")[0] if "<head" in page else ""
            links = " ".join(re.findall(r'(?:href|action|src|formaction)="([^"]*)"', page))
            assert (found_in(head), found_in(links)) == ([], []), address


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
