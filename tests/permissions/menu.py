"""On every page of every role the menu marks one entry: where one is. The matrix asks the pages and looks here."""

import re
from typing import Any

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


def marked(name: str, response: Any) -> list[str] | None:
    """The entries the menu of a page marks; nothing where it is no page, or of nobody's room."""
    if name in OUTSIDE or response.streaming or not response.headers["Content-Type"].startswith("text/html"):
        return None
    menu = MENU.search(response.text)
    return CURRENT.findall(menu[0]) if menu else None
