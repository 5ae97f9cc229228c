"""Measures the pages of the portal on one filled database, beside the yardstick; prints a line of JSON for each.

Run by `bench.run`, with DATABASE_URL pointing at that database.
"""

import argparse
import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402  (the settings come first)
from django.db import transaction  # noqa: E402  (the settings come first)
from django.urls import reverse  # noqa: E402

from accounts.models import Utilisateur  # noqa: E402
from bench.measure import Answer, Browser, Figures, measure  # noqa: E402
from bench.people import PASSWORD, agent_for, busiest, session_cookies  # noqa: E402
from bench.sending import SendingRun  # noqa: E402
from bench.servers import serving  # noqa: E402
from portal.tenancy import scope  # noqa: E402
from signalements.models import Demande  # noqa: E402

NEXT = re.compile(rb'<a[^>]*rel="next"[^>]*>')
HREF = re.compile(rb'\shref="([^"]*)"')
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]*)"')


def next_page(body: bytes, path: str) -> str:
    """The address behind « page suivante »."""
    link = NEXT.search(body)
    found = HREF.search(link.group()) if link else None
    if found is None:
        raise RuntimeError(f"{path}: no next page")
    target = found.group(1).decode().replace("&amp;", "&")
    return target if target.startswith("/") else path.partition("?")[0] + target


def searched(browser: Browser, page: str, action: str, text: str) -> str:
    """The address of the results of a search: what is searched is posted, never part of an address."""
    token = TOKEN.search(browser.ask("GET", page).body)
    if token is None:
        raise RuntimeError(f"{page}: no form to search with")
    body = urlencode({"csrfmiddlewaretoken": token.group(1).decode(), "q": text}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = browser.ask("POST", action, body, headers)
    if not answer.location:
        raise RuntimeError(f"{action}: {answer.status} instead of results")
    return answer.location


def pages(browser_of: Callable[[str], Browser]) -> Iterator[tuple[str, float | None, str, str]]:
    """Name, goal, who and path of every page that is only read."""
    yield "accueil du technicien", 3, "technicien", reverse("accueil")
    listing = reverse("signalements:demandes")
    yield "liste du technicien", 4, "technicien", listing
    yield (
        "recherche par nom (technicien)",
        5,
        "technicien",
        searched(browser_of("technicien"), listing, listing, "Beaumont"),
    )
    yield "journée de l'agent", 4, "agent", reverse("signalements:journee")
    queue = reverse("signalements:file")
    yield "file de l'agent, page 1", 4, "agent", queue
    path = queue
    for _ in range(9):
        path = next_page(browser_of("agent").ask("GET", path).body, path)
    yield "file de l'agent, page 10", 4, "agent", path
    results = searched(browser_of("agent"), queue, reverse("signalements:recherche"), "Beaumont")
    yield "recherche par nom (agent)", 5, "agent", results
    reference = detailed(browser_of("agent"))
    yield (
        "détail, 10 messages, 3 pièces (agent)",
        4,
        "agent",
        reverse("signalements:traitement", args=[reference]),
    )
    yield (
        "détail, 10 messages, 3 pièces (technicien)",
        4,
        "technicien",
        reverse("signalements:demande", args=[reference]),
    )
    yield "statistiques", 5, "superviseur", reverse("signalements:statistiques")
    yield "pilotage", 5, "superviseur", reverse("signalements:pilotage")


def sign_in(port: int, user: Utilisateur, yardstick: Callable[[], Answer], rounds: int) -> Figures:
    """The password's request, by a browser that comes for the first time; Argon2 is most of it."""
    token = secrets.token_hex(16)
    body = urlencode({"identifiant": user.identifiant, "mot_de_passe": PASSWORD}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token}

    def post(count: bool) -> Answer:
        stranger = Browser(port, {settings.CSRF_COOKIE_NAME: token})
        return stranger.ask("POST", reverse("accounts:connexion"), body, headers, count=count)

    return measure("connexion (mot de passe)", post, yardstick, goal=None, rounds=rounds, expected=302)


def detailed(browser: Browser) -> str:
    """The reference of the demande that `bench.fill` gave ten messages and three pièces."""
    with scope("systeme"), transaction.atomic():
        return Demande.objects.get(pk=DETAILED).reference


def say(figures: Figures) -> None:
    """Give the figures of one page to `bench.run`, which prints and keeps them at once."""
    print(json.dumps({**asdict(figures), "ratio": round(figures.ratio, 2), "samples": None}), flush=True)


def main() -> None:
    """Measure every page once."""
    global DETAILED
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--detailed", type=int, required=True)
    options = parser.parse_args()
    DETAILED = options.detailed
    people = {
        "technicien": busiest("technicien", "accounts_rolepartenaire", "partenaire_id"),
        "agent": agent_for(options.detailed),
        "superviseur": busiest("superviseur", "accounts_rolecaisse", "caisse_id"),
    }
    cookies = {name: session_cookies(user) for name, user in people.items()}
    with ExitStack() as stack:
        port = stack.enter_context(serving(options.database, "bench.settings"))
        bare_port = stack.enter_context(serving(options.database, "bench.bare_settings"))
        browsers = {name: Browser(port, values) for name, values in cookies.items()}
        bare = Browser(bare_port, cookies["technicien"])

        def yardstick() -> Answer:
            return bare.ask("GET", "/")

        say(
            measure(
                "page nue (l'étalon)",
                lambda count: bare.ask("GET", "/", count=count),
                yardstick,
                goal=None,
                rounds=options.rounds,
            )
        )
        say(sign_in(port, people["technicien"], yardstick, max(2, options.rounds // 5)))
        for name, goal, who, path in pages(browsers.__getitem__):
            browser = browsers[who]

            def ask(count: bool, browser: Browser = browser, path: str = path) -> Answer:
                return browser.ask("GET", path, count=count)

            say(measure(name, ask, yardstick, goal=goal, rounds=options.rounds))
        sending = SendingRun(people["technicien"], browsers["technicien"], options.rounds)
        for figures in sending.measure(yardstick):
            say(figures)


DETAILED = 0

if __name__ == "__main__":
    main()
