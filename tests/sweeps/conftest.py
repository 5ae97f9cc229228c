"""What the sweeps work on: a structure, a caisse of a given zone, demandes in a given state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from accounts.enums import Profil
from accounts.models import Utilisateur
from caisses.models import Caisse
from partners.models import Convention
from signalements.models import Demande
from tests import factories


@dataclass
class Setting:
    """A caisse, its team, a structure and its technicien."""

    caisse: Caisse
    convention: Convention
    auteur: Utilisateur
    agent: Utilisateur
    superviseur: Utilisateur

    def demande(self, statut: str, **fields: Any) -> Demande:
        """A saisine of this structure to this caisse."""
        found: Demande = factories.demande(self.convention, self.auteur, statut=statut, **fields)
        return found


@pytest.fixture
def setting() -> Callable[..., Setting]:
    """Build a setting; the fields are those of the caisse."""

    def build(code: str = "251", **fields: Any) -> Setting:
        caisse = factories.caisse(code, **fields)
        partenaire = factories.partenaire(caisse)
        return Setting(
            caisse,
            factories.convention(partenaire, caisse),
            factories.utilisateur(Profil.TECHNICIEN, partenaire),
            factories.utilisateur(Profil.AGENT, caisse),
            factories.utilisateur(Profil.SUPERVISEUR, caisse),
        )

    return build
