"""On every page of every role the menu marks one entry: where one is."""

import re

import pytest

from tests.permissions import matrix, routes
from tests.permissions.world import ACTORS, build

# Pages of nobody's room: they are reached from the header or the footer.
OUTSIDE = {
    "accessibilite",
    "plan-du-site",
    "mentions-legales",
    "donnees-personnelles",
    "etat",
    "accounts:code",
    "accounts:second_facteur",
    "accounts:conditions",
    "accounts:conditions_version",
    "accounts:conditions_pdf",
    "accounts:cle",
    "accounts:cle_ajouter",
    "accounts:profil",
    "accounts:mot_de_passe",
    "accounts:activation",
    "accounts:oubli",
    "accounts:reinitialisation",
    "accounts:adresse",
    "accounts:habilitation_demander",
    "accounts:habilitation",
    "rendez_vous:mon_agenda",
    "signalements:telephone",
    "rendez_vous:flux",
}
MENU = re.compile(r'<nav class="ep-nav".*?</nav>', re.DOTALL)
CURRENT = re.compile(r'aria-current="page">([^<]+)<')


@pytest.mark.django_db
def test_every_page_marks_one_entry_of_the_menu() -> None:
    world = build()
    by_name = {route.name: route for route in routes.all_routes()}
    read = [
        (actor, name)
        for (method, name), answers in matrix.rows().items()
        for actor, answer in zip(ACTORS, answers, strict=True)
        if method == "GET" and answer == "200" and name not in OUTSIDE
    ]
    seen, wrong = {}, []
    for actor, name in read:
        page = world.client(actor).get(routes.address(by_name[name], world))
        if page.streaming:
            page.getvalue()
        if page.streaming or not page.headers["Content-Type"].startswith("text/html"):
            continue
        menu = MENU.search(page.text)
        if menu is None:
            continue
        marked = CURRENT.findall(menu[0])
        seen[name] = marked
        if len(marked) != 1:
            wrong.append(f"{actor} {name} {marked}")
    assert not wrong, "\n".join(wrong)
    assert {"signalements:traitement", "signalements:complement", "documents:apercu", "accueil"} <= set(seen)
    assert seen["signalements:vues"] == seen["signalements:raccourcis"] == ["Demandes"]
