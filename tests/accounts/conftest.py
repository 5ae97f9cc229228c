"""Two caisses and two structures, the gestionnaire of one signed in: the world of the gestionnaire's screens."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import Profil
from tests import factories as f
from tests.fixtures.shelf import Shelf
from tests.fixtures.signing_in import sign_in

CANARY = "Canarifictif"


@pytest.fixture
def made_place(shelf: Shelf) -> Callable[[], dict[str, Any]]:
    """See tests/fixtures/shelf.py."""
    return shelf.made(build)


@pytest.fixture
def place(made_place: Callable[[], dict[str, Any]], _scope: None) -> dict[str, Any]:
    """Who and what the tests of the gestionnaire start from."""
    return made_place()


def build() -> dict[str, Any]:
    """Make it, as the system."""
    doubs, loire = f.caisse("251"), f.caisse("422")
    valbrume = f.partenaire(doubs, raison_sociale="CCAS de Valbrume")
    pontreval = f.partenaire(loire, raison_sociale="CCAS de Pontreval")
    return {
        "doubs": doubs,
        "loire": loire,
        "valbrume": valbrume,
        "pontreval": pontreval,
        "conv": f.convention(valbrume, doubs),
        "gest": f.utilisateur(Profil.GESTIONNAIRE, valbrume),
        "tech": f.utilisateur(Profil.TECHNICIEN, valbrume, nom="Durandfictif"),
        "stranger": f.utilisateur(Profil.TECHNICIEN, pontreval, nom=CANARY),
        "peer": f.utilisateur(Profil.GESTIONNAIRE, valbrume),
    }


@pytest.fixture
def gest(client: Any, place: dict[str, Any]) -> Any:
    return sign_in(client, place["gest"])


def url(name: str, *args: Any) -> str:
    return reverse(f"accounts:{name}", args=args)


def good(**fields: Any) -> dict[str, Any]:
    values = {
        "civilite": "MME",
        "nom": "Fictive",
        "prenom": "Zoé",
        "fonction": "Travailleuse sociale",
        "telephone": "03 81 00 00 00",
        "courriel": "zoe.fictive@ccas.example",
        "identifiant": "",
        "attestation_lien": "on",
        "attestation_poste": "on",
        "attestation_adresse": "on",
    }
    return {**values, **fields}
