"""A caisse and its staff, another caisse, two structures, and a demande sent."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache

from accounts.enums import Profil
from accounts.memberships import Membership
from caisses.enums import ListeMotifs
from caisses.models import Caisse, TypePiece
from documents.enums import EtatPiece
from documents.models import Piece
from documents.operations import analyse_piece, deposit_piece, transmit_pieces
from partners.models import Convention, Partenaire
from portal import clock
from signalements.enums import Cote, Statut
from signalements.models import Demande, Message, PieceJointe
from tests import factories as f
from tests.conftest import StrangerClient
from tests.documents.conftest import pdf
from tests.fixtures.shelf import Shelf
from tests.fixtures.signing_in import sign_in


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

    def piece(self, demande: Demande, name: str = "identite.pdf", *, sent: bool = True) -> Piece:
        """A healthy pièce of a demande, sent to the caisse unless told."""
        piece = deposit_piece(
            fichier=pdf(name),
            fonction=demande.fonction,
            caisse=self.caisse,
            partenaire=self.structure,
            depose_par=self.technicien,
            cle=uuid.uuid4(),
        )
        assert analyse_piece(piece.pk) == EtatPiece.SAINE
        if sent:
            transmit_pieces([piece])
        PieceJointe.objects.create(
            demande=demande,
            piece=piece,
            caisse=self.caisse,
            partenaire=self.structure,
            type_piece=TypePiece.objects.get(code="identite"),
        )
        return piece

    def message(self, demande: Demande, texte: str = "Avez-vous pu la joindre\u00a0?") -> Message:
        """A message of the structure, not read yet."""
        return Message.objects.create(
            demande=demande,
            caisse=self.caisse,
            partenaire=self.structure,
            auteur=self.technicien.user,
            cote=Cote.PARTENAIRE,
            texte=texte,
            le=clock.now(),
        )


def signed_in(member: Membership) -> StrangerClient:
    """A client on which somebody has signed in."""
    return sign_in(StrangerClient(), member.user)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Reference lists are cached for seconds; identifiers come back from one test to the next."""
    cache.clear()


@pytest.fixture
def made_world(shelf: Shelf) -> Callable[[], World]:
    """See tests/fixtures/shelf.py."""
    return shelf.made(build_world)


@pytest.fixture
def world(made_world: Callable[[], World], db: None) -> World:
    """See World."""
    return made_world()


def build_world() -> World:
    """Make it, as the system."""
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
