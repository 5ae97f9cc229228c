"""A caisse, a structure, the national data of the dossiers, and a complete draft of any type."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from accounts.enums import Profil
from accounts.memberships import Membership
from caisses.enums import Fonction, ListeMotifs
from caisses.models import Caisse, Motif, TypePiece
from partners.models import Convention, Partenaire
from portal import clock
from portal.tenancy import scope
from signalements.kinds.dossier.models import PieceDossier
from signalements.kinds.dossier.reference_data import load_dossiers
from signalements.kinds.registry import read_draft
from signalements.models import Demande
from signalements.operations.complements import ElementDemande, request_complement
from signalements.operations.completion import ReponseElement, complete_demande
from signalements.operations.decisions import Decision, decide
from signalements.operations.drafts import create_draft, save_draft
from signalements.operations.sending import submit_demande
from tests import factories as f
from tests.fixtures.shelf import Shelf
from tests.permissions.world import piece as joined
from tests.signalements.partner.conftest import personne, stored


@dataclass
class Monde:
    """The structure, its caisse, who works on each side."""

    caisse: Caisse
    structure: Partenaire
    convention: Convention
    technicien: Membership
    agent: Membership
    conseiller: Membership

    def draft(
        self,
        droit: str = "CSS",
        nature: str = "PREMIERE",
        *,
        pieces: tuple[str, ...] = (),
        liste: dict[str, Any] | None = None,
        **steps: Any,
    ) -> Demande:
        """A draft of this type; `pieces` are joined (the required ones unless named), `liste` is the checklist."""
        demande = create_draft(
            membership=self.technicien, caisse_id=self.caisse.pk, fonction=Fonction.DOSSIER, cle=uuid.uuid4()
        )
        said = {"personne": personne(), "situation": situation(droit=droit, nature=nature), **steps}
        for etape, data in said.items():
            self.save(demande, etape, data)
        for code in pieces or REQUIRED[droit]:
            joined(demande, TypePiece.objects.get(code=code))
        self.save(demande, "pieces", {"formulaire_complet": "on"} if liste is None else liste)
        return demande

    def save(self, demande: Demande, etape: str, data: dict[str, Any]) -> None:
        """Keep a step of a draft."""
        saisie = stored(data)
        save_draft(membership=self.technicien, reference=demande.reference, etape=etape, saisie=saisie)

    def send(self, demande: Demande) -> Demande:
        """Send a draft as its technicien does."""
        with scope("partenaire", self.structure.pk), transaction.atomic():
            submit_demande(membership=self.technicien, reference=demande.reference, read=read_draft)
        return self.read(demande)

    def sent(self, droit: str = "CSS", nature: str = "PREMIERE", **kwargs: Any) -> Demande:
        """A dossier sent."""
        return self.send(self.draft(droit, nature, **kwargs))

    def give_back(self, demande: Demande, code: str = "AVIS_FISCAL", raison: str = "AVIS_FISCAL") -> Any:
        """The caisse returns the dossier for one pièce."""
        kind = TypePiece.objects.get(code=code)
        motif = Motif.objects.get(liste=ListeMotifs.RETOUR, code=raison)
        with scope("caisse", self.caisse.pk), transaction.atomic():
            return request_complement(
                actor=self.agent,
                demande_id=demande.pk,
                elements=[ElementDemande(kind.libelle, kind, motif)],
                message="",
                cle=uuid.uuid4(),
            )

    def complete(self, demande: Demande, complement: Any) -> Demande:
        """The structure answers every point with a text."""
        reponses = {element.pk: ReponseElement(texte="Voici.") for element in complement.elements.all()}
        with scope("partenaire", self.structure.pk), transaction.atomic():
            complete_demande(
                membership=self.technicien,
                reference=demande.reference,
                complement_id=complement.pk,
                reponses=reponses,
            )
        return self.read(demande)

    def decide(self, demande: Demande, decision: Decision) -> Demande:
        """The caisse decides."""
        with scope("caisse", self.caisse.pk), transaction.atomic():
            version = Demande.objects.get(pk=demande.pk).version
            decide(actor=self.agent, demande_id=demande.pk, decision=decision, version=version)
        return self.read(demande)

    def read(self, demande: Demande) -> Demande:
        """The demande as it stands, with its dossier."""
        found: Demande = Demande.objects.select_related("dossier", "caisse").get(pk=demande.pk)
        return found

    def pieces(self, demande: Demande) -> dict[str, PieceDossier]:
        """The checklist of a dossier sent, by code."""
        rows = PieceDossier.objects.filter(demande=demande).select_related("type_piece")
        return {row.type_piece.code: row for row in rows}


REQUIRED = {
    "CSS": ("FORMULAIRE_CSS", "AVIS_FISCAL"),
    "PUMA": ("FORMULAIRE_PUMA", "IDENTITE_OU_SEJOUR", "RESIDENCE_TROIS_MOIS"),
    "AME": ("FORMULAIRE_AME", "IDENTITE_AME", "RESIDENCE_TROIS_MOIS", "RESSOURCES_DOUZE_MOIS", "PHOTO_AME"),
}


@pytest.fixture
def made_monde(shelf: Shelf) -> Callable[[], Monde]:
    """See tests/fixtures/shelf.py."""
    return shelf.made(build)


@pytest.fixture
def monde(made_monde: Callable[[], Monde], _scope: None) -> Monde:
    """See Monde."""
    cache.clear()
    return made_monde()


def build() -> Monde:
    """Make it, as the system."""
    load_dossiers()
    f.motif(ListeMotifs.URGENCE, "RUPTURE", "Rupture de droits en cours")
    f.motif(ListeMotifs.ABSENCE_PIECE, "PERDUE", "La personne l’a perdue")
    f.motif(ListeMotifs.ANNULATION, "ERREUR", "Demande faite par erreur")
    caisse = f.caisse("251")
    structure = f.partenaire(caisse)
    return Monde(
        caisse,
        structure,
        f.convention(structure, caisse),
        f.membership(Profil.TECHNICIEN, structure),
        f.membership(Profil.AGENT, caisse),
        f.membership(Profil.CONSEILLER_MAS, caisse),
    )


def day(name: str, value: date) -> dict[str, str]:
    """A date as its three fields are posted."""
    return {
        f"{name}_jour": str(value.day),
        f"{name}_mois": str(value.month),
        f"{name}_annee": str(value.year),
    }


def situation(**changes: Any) -> dict[str, Any]:
    """The step of the situation, as posted; a renewal ends in three months unless told."""
    given = {
        "adresse": "1 place de la Mairie",
        "aide_remplissage": "on",
        "information_donnee": "on",
        "accord_recueilli": "on",
        "accord_mode": "PRESENCE",
        **day("accord_le", clock.today() - timedelta(days=1)),
    }
    if changes.get("nature") == "RENOUVELLEMENT":
        given |= day("fin_droits", clock.today() + timedelta(days=90))
    return {**given, **changes}


def membre(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A member of the household, as posted."""
    naissance = changes.pop("naissance", date(2015, 5, 4))
    fields = {"lien": "ENFANT", "nom": "Fictive", "prenom": "Camille", "a_charge": "on", **changes}
    data = {f"m{number}_{name}": value for name, value in fields.items()}
    return {"membres": [str(number)], **data, **(day(f"m{number}_naissance", naissance) if naissance else {})}
