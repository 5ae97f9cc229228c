"""A structure, a caisse with an agence, its people, and appointments in every step."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import Profil
from accounts.memberships import Membership, membership_of
from accounts.models import Utilisateur
from caisses.enums import Fonction, ListeMotifs
from caisses.models import Agence, Caisse
from partners.models import Convention, Partenaire
from portal import clock
from portal.calendar import ZoneFeries, add_jours_ouvres
from signalements.enums import Statut
from signalements.kinds.registry import read_draft
from signalements.kinds.rendez_vous.dates import Quand, moment_of
from signalements.kinds.rendez_vous.enums import ModeRendezVous, TypeRendezVous
from signalements.kinds.rendez_vous.models import Horaire, MotifRendezVous, RendezVous
from signalements.models import Demande
from signalements.operations.drafts import create_draft, save_draft
from signalements.operations.sending import submit_demande
from tests import factories as f
from tests.conftest import StrangerClient
from tests.fixtures.shelf import Shelf
from tests.fixtures.signing_in import sign_in
from tests.signalements.partner.conftest import naissance_names, personne, stored

PARTENAIRE = "/espace-partenaire/demandes/"
CAISSE = "/espace-caisse/demandes/"


def agence(of: Caisse, nom: str = "Agence du Centre", **fields: Any) -> Agence:
    """An agence of a caisse."""
    return Agence.objects.create(caisse=of, nom=nom, adresse="1 place Fictive\n25000 Besançon", **fields)


def motif_rdv(code: str = "CSS", **fields: Any) -> MotifRendezVous:
    """A motif of appointment, of every form but at a distance unless told."""
    defaults = {
        "libelle": "Complémentaire santé solidaire",
        "types": [TypeRendezVous.TELEPHONE, TypeRendezVous.PHYSIQUE, TypeRendezVous.PERMANENCE],
        "duree": 30,
        "pieces": ["Une pièce d’identité"],
    }
    return MotifRendezVous.objects.create(code=code, **{**defaults, **fields})


def jour_ouvre(caisse: Caisse, days: int = 5) -> date:
    """That many jours ouvrés from today, at the caisse."""
    return add_jours_ouvres(caisse.today(), days, ZoneFeries(caisse.zone_feries))


def quand(caisse: Caisse, days: int = 5, heure: time = time(10), minutes: int = 30, **fields: Any) -> Quand:
    """A date nobody would refuse."""
    debut = moment_of(caisse, jour_ouvre(caisse, days), heure)
    return Quand(debut, debut + timedelta(minutes=minutes), fields.pop("type", "TELEPHONE"), **fields)


def rendez_vous(
    conv: Convention, auteur: Utilisateur, *, statut: str = Statut.ENVOYEE, **fields: Any
) -> Demande:
    """A demande of an appointment, sent, with its row; `rdv` changes the row."""
    given = fields.pop("rdv", {})
    demande: Demande = f.demande(conv, auteur, statut=statut, fonction=Fonction.RENDEZ_VOUS, **fields)
    motif = MotifRendezVous.objects.filter(code="CSS").first() or motif_rdv()
    day = jour_ouvre(conv.caisse).isoformat()
    values = {
        "mode": ModeRendezVous.DEMANDE,
        "type": TypeRendezVous.TELEPHONE,
        "motif": motif,
        "disponibilites": [[day, day, "MATIN"]],
        **given,
    }
    RendezVous.objects.create(demande=demande, caisse=demande.caisse, partenaire=demande.partenaire, **values)
    return demande


@dataclass
class Monde:
    """What the tests start from."""

    caisse: Caisse
    autre_caisse: Caisse
    agence: Agence
    motif: MotifRendezVous
    structure: Partenaire
    convention: Convention
    technicien: Membership
    agent: Membership
    etranger: Membership

    def rdv(self, **fields: Any) -> Demande:
        """An appointment of the structure."""
        return rendez_vous(self.convention, self.technicien.user, **fields)

    def fresh(self, who: Membership) -> Membership:
        """The same membership, its conventions read again."""
        found = membership_of(Utilisateur.objects.get(pk=who.user.pk))
        assert found is not None
        return found


def build(code: str = "251", **caisse: Any) -> Monde:
    """Make it, as the system."""
    own, other = f.caisse(code, support_telephone="+33199000251", **caisse), f.caisse("422")
    f.motif(ListeMotifs.URGENCE, "RUPTURE", "Rupture de droits en cours")
    f.motif(ListeMotifs.ANNULATION, "ERREUR", "Demande faite par erreur")
    structure = f.partenaire(own)
    return Monde(
        own,
        other,
        agence(own),
        motif_rdv(),
        structure,
        f.convention(structure, own),
        f.membership(Profil.TECHNICIEN, structure),
        f.membership(Profil.AGENT, own),
        f.membership(Profil.AGENT, other),
    )


@pytest.fixture
def made_monde(shelf: Shelf) -> Callable[[], Monde]:
    """See tests/fixtures/shelf.py."""
    return shelf.made(build)


@pytest.fixture
def monde(made_monde: Callable[[], Monde], _scope: None) -> Monde:
    """See Monde."""
    return made_monde()


def signed_in(member: Membership) -> StrangerClient:
    """A client on which somebody has signed in."""
    return sign_in(StrangerClient(), member.user)


def again(demande: Demande) -> Demande:
    """A demande read afresh, with its appointment."""
    return Demande.objects.select_related("rendez_vous").get(pk=demande.pk)


def fixe(demande: Demande) -> Horaire:
    """The date in force."""
    return Horaire.objects.get(demande=demande, etat="FIXE")


def situation(monde: Monde, **changes: Any) -> dict[str, Any]:
    """The situation's step, as posted."""
    yesterday = clock.today() - timedelta(days=1)
    jour, mois, annee = (name.replace("naissance", "accord_le") for name in naissance_names())
    return {
        "motif": "CSS",
        "type": "TELEPHONE",
        "telephone": "06 39 98 12 34",
        "disponibilite_1_du": jour_ouvre(monde.caisse).isoformat(),
        "disponibilite_1_au": "",
        "disponibilite_1_moment": "MATIN",
        "langue_interprete": "",
        "precision": "",
        "information_donnee": "on",
        "accord_recueilli": "on",
        jour: str(yesterday.day),
        mois: str(yesterday.month),
        annee: str(yesterday.year),
        "accord_mode": "PRESENCE",
        **changes,
    }


def draft(monde: Monde, **steps: dict[str, Any]) -> Demande:
    """A complete draft of an appointment, unless a step is given."""
    demande = create_draft(
        membership=monde.technicien,
        caisse_id=monde.caisse.pk,
        fonction=Fonction.RENDEZ_VOUS,
        cle=uuid.uuid4(),
    )
    for etape, data in {"personne": personne(), "situation": situation(monde), **steps}.items():
        save_draft(membership=monde.technicien, reference=demande.reference, etape=etape, saisie=stored(data))
    return demande


def send(monde: Monde, demande: Demande) -> Demande:
    """Send a draft; the caisse has it at once in the tests."""
    return submit_demande(membership=monde.technicien, reference=demande.reference, read=read_draft)


def url(name: str, demande: Demande) -> str:
    """An address of an appointment."""
    return reverse(f"rendez_vous:{name}", args=[demande.reference])


def at(caisse: Caisse, day: date, hour: int, minute: int = 0) -> datetime:
    """That hour of that day at the caisse."""
    return moment_of(caisse, day, time(hour, minute))
