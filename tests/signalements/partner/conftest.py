"""A structure with two caisses, its techniciens, the lists, and a complete draft to send."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import Profil
from accounts.memberships import Membership, membership_of
from accounts.models import Utilisateur
from caisses.enums import Fonction, ListeMotifs
from caisses.models import Caisse
from partners.models import Convention, Partenaire
from portal import clock
from signalements.models import Demande
from signalements.operations.drafts import create_draft, save_draft
from tests import factories as f
from tests.fixtures.shelf import Shelf
from tests.fixtures.signing_in import sign_in


@dataclass
class Monde:
    """The structure Valbrume with caisse 251, another structure with the same caisse."""

    doubs: Caisse
    valbrume: Partenaire
    convention: Convention
    technicien: Utilisateur
    autre_technicien: Utilisateur
    roche: Partenaire
    convention_roche: Convention
    technicien_roche: Utilisateur

    @property
    def membership(self) -> Membership:
        """The technicien's, read afresh."""
        found = membership_of(Utilisateur.objects.get(pk=self.technicien.pk))
        assert found is not None
        return found


@pytest.fixture
def made_monde(shelf: Shelf) -> Callable[[], Monde]:
    """See tests/fixtures/shelf.py."""
    return shelf.made(build)


@pytest.fixture
def monde(made_monde: Callable[[], Monde], _scope: None) -> Monde:
    """See Monde."""
    return made_monde()


def build() -> Monde:
    """Make it, as the system."""
    doubs = f.caisse("251")
    for code in ("DROITS_BASE", "RENONCEMENT_SOINS", "NUMERIQUE"):
        f.motif(ListeMotifs.DIFFICULTE, code)
    f.motif(ListeMotifs.CAUSE, "RESTE_A_CHARGE")
    f.motif(ListeMotifs.SOINS, "DENTAIRE")
    f.motif(ListeMotifs.DEMARCHE, "AMELI")
    f.motif(ListeMotifs.URGENCE, "RUPTURE", "Rupture de droits en cours")
    f.motif(ListeMotifs.ANNULATION, "ERREUR", "Demande faite par erreur")
    f.motif(ListeMotifs.ABSENCE_PIECE, "PERDUE", "La personne l’a perdue")
    f.motif(ListeMotifs.COMPLEMENT, "ILLISIBLE", "Pièce illisible")
    f.type_piece("identite", libelle="Pièce d'identité")
    f.type_piece("autre", libelle="Autre document", precision_requise=True)
    valbrume, roche = f.partenaire(doubs), f.partenaire(doubs)
    convention = f.convention(valbrume, doubs)
    return Monde(
        doubs,
        valbrume,
        convention,
        f.utilisateur(Profil.TECHNICIEN, valbrume),
        f.utilisateur(Profil.TECHNICIEN, valbrume),
        roche,
        f.convention(roche, doubs),
        f.utilisateur(Profil.TECHNICIEN, roche),
    )


@pytest.fixture
def tech(client, monde):
    """A client signed in as the technicien."""
    return sign_in(client, monde.technicien)


PERSONNE = {
    "civilite": "MME",
    "nom_naissance": "Fictive",
    "nom_usage": "",
    "prenom": "Jeanne",
    "naissance_0": "12",
    "naissance_1": "3",
    "naissance_2": "1984",
    "departement": "25",
}


def naissance_names() -> list[str]:
    """The names the three parts of the birth date are posted under."""
    from portal.ui.dates import TroisChampsWidget

    return [f"naissance{suffix}" for suffix in TroisChampsWidget().widgets_names]


def personne(**changes: Any) -> dict[str, Any]:
    """The person's step, as posted."""
    jour, mois, annee = naissance_names()
    data = {key: value for key, value in PERSONNE.items() if not key.startswith("naissance")}
    return {**data, jour: "12", mois: "3", annee: "1984", **changes}


def situation(**changes: Any) -> dict[str, Any]:
    """The situation's step, as posted."""
    day = clock.today() - timedelta(days=1)
    jour, mois, annee = (name.replace("naissance", "accord_le") for name in naissance_names())
    return {
        "difficultes": ["DROITS_BASE", "NUMERIQUE"],
        "causes": ["RESTE_A_CHARGE"],
        "description": "",
        "droits_base": "NON",
        "complementaire": "AUCUNE",
        "medecin_traitant": "INCONNU",
        "hebergement": "",
        "canal_prefere": "TELEPHONE",
        "telephone": "06 39 98 12 34",
        "courriel": "",
        "commune": "Besançon",
        "langue_interprete": "",
        "information_donnee": "on",
        "accord_recueilli": "on",
        jour: str(day.day),
        mois: str(day.month),
        annee: str(day.year),
        "accord_mode": "PRESENCE",
        **changes,
    }


def stored(step: dict[str, Any]) -> dict[str, list[str]]:
    """A posted step as a draft keeps it."""
    return {name: value if isinstance(value, list) else [value] for name, value in step.items()}


def draft(monde: Monde, **steps: dict[str, Any]) -> Demande:
    """A draft of the technicien, complete unless a step is given."""
    membership = monde.membership
    demande = create_draft(
        membership=membership, caisse_id=monde.doubs.pk, fonction=Fonction.SAISINE, cle=uuid.uuid4()
    )
    for etape, data in {"personne": personne(), "situation": situation(), **steps}.items():
        if data:
            save_draft(membership=membership, reference=demande.reference, etape=etape, saisie=stored(data))
    return demande


@pytest.fixture
def brouillon(monde) -> Demande:
    """A complete draft."""
    return draft(monde)


def url(name: str, demande: Demande | str, *args: Any) -> str:
    """An address of a demande."""
    reference = demande if isinstance(demande, str) else demande.reference
    return reverse(f"signalements:{name}", args=[reference, *args])
