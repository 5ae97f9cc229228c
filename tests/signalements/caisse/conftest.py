"""A caisse and its staff, another caisse, two structures, and a demande sent."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache

from accounts.enums import Profil
from accounts.memberships import Membership
from caisses.enums import ListeMotifs
from caisses.models import Caisse
from partners.models import Convention, Partenaire
from signalements.enums import Statut
from signalements.models import Demande
from tests import factories as f


@dataclass
class World:
    """What the tests of the caisse's side start from."""

    caisse: Caisse
    autre_caisse: Caisse
    structure: Partenaire
    convention: Convention
    technicien: Membership
    agent: Membership
    conseiller: Membership
    superviseur: Membership
    etranger: Membership

    def demande(self, statut: str = Statut.ENVOYEE, **fields: Any) -> Demande:
        """A saisine sent to the caisse, in `statut`."""
        demande: Demande = f.demande(self.convention, self.technicien.user, statut=statut, **fields)
        return demande


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Reference lists are cached for seconds; identifiers come back from one test to the next."""
    cache.clear()


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def build_world() -> World:
    """The same, for tests with real transactions."""
    caisse, autre = f.caisse("251"), f.caisse("422")
    structure = f.partenaire(caisse)
    convention = f.convention(structure, caisse)
    for liste, code, libelle in (
        (ListeMotifs.DIFFICULTE, "DROITS_BASE", "Sans droits de base"),
        (ListeMotifs.URGENCE, "RUPTURE", "Rupture de droits en cours"),
        (ListeMotifs.COMPLEMENT, "ILLISIBLE", "Illisible"),
        (ListeMotifs.COMPLEMENT, "MANQUANTE", "Manquante"),
        (ListeMotifs.NON_RECEVABLE, "DOUBLON", "Démarche déjà en cours"),
        (ListeMotifs.REORIENTATION, "AUTRE_CAISSE", "Autre caisse"),
    ):
        f.motif(liste, code, libelle)
    f.type_piece("identite", libelle="Pièce d'identité")
    f.type_piece("domicile", libelle="Justificatif de domicile")
    return World(
        caisse=caisse,
        autre_caisse=autre,
        structure=structure,
        convention=convention,
        technicien=f.membership(Profil.TECHNICIEN, structure),
        agent=f.membership(Profil.AGENT, caisse),
        conseiller=f.membership(Profil.CONSEILLER_MAS, caisse),
        superviseur=f.membership(Profil.SUPERVISEUR, caisse),
        etranger=f.membership(Profil.AGENT, autre),
    )
