"""Two caisses, two structures, and demandes that went through the log on chosen days."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from accounts.enums import Profil
from accounts.memberships import Membership
from caisses.enums import Fonction
from caisses.models import Caisse
from partners.models import Convention, Partenaire
from portal.reference import new_reference
from signalements.models import Demande, Passage
from tests import factories as f
from tests.fixtures.shelf import Shelf

NOON = time(12)


def noon(day: date) -> datetime:
    """Noon of a day: the same day in every time zone of metropolitan France."""
    return datetime.combine(day, NOON, tzinfo=UTC)


@dataclass
class Lieu:
    """A caisse with two structures, another caisse with one of them."""

    caisse: Caisse
    autre_caisse: Caisse
    structure: Partenaire
    voisine: Partenaire
    conventions: dict[tuple[int, int], Convention]
    technicien: Membership
    superviseur: Membership
    superviseur_ailleurs: Membership

    def vecue(
        self,
        sent: date,
        decided: date | None = None,
        *,
        waited: int = 0,
        urgente: bool = False,
        dans_delai: bool | None = True,
        structure: Partenaire | None = None,
        caisse: Caisse | None = None,
        fonction: str = Fonction.SAISINE,
    ) -> Demande:
        """A demande sent on a day, decided on another or still open, with its log; `waited` days for the structure."""
        where, by = caisse or self.caisse, structure or self.structure
        closed: dict[str, Any] = {}
        if decided:
            closed = {"statut": "TRAITEE", "issue": "DROITS_OUVERTS", "traitee_le": noon(decided)}
        row = Demande.objects.create(
            reference=new_reference(where.code),
            fonction=fonction,
            caisse=where,
            partenaire=by,
            convention=self.conventions[where.pk, by.pk],
            auteur_id=self.technicien.acteur_id,
            cle_creation=uuid.uuid4(),
            information_donnee=True,
            urgente=urgente,
            motif_urgence=f.Motif.objects.get(liste="URGENCE") if urgente else None,
            cree_le=noon(sent),
            modifiee_le=noon(decided or sent),
            envoyee_le=noon(sent),
            delai_jours=5,
            echeance=sent + timedelta(days=7),
            jours_attente=waited,
            **({"statut": "ENVOYEE"} | closed),
        )
        tenant = {"demande": row, "caisse": where, "partenaire": by}
        Passage.objects.create(
            **tenant,
            de="BROUILLON",
            vers="ENVOYEE",
            le=noon(sent),
            cote="PARTENAIRE",
            jours_bruts=0,
            jours_nets=0,
        )
        if decided:
            gross = (decided - sent).days
            Passage.objects.create(
                **tenant,
                de="ENVOYEE",
                vers="TRAITEE",
                le=noon(decided),
                cote="CAISSE",
                issue="DROITS_OUVERTS",
                jours_bruts=gross,
                jours_nets=gross - waited,
                dans_delai=dans_delai,
            )
        return row


@pytest.fixture
def made_lieu(shelf: Shelf) -> Callable[[], Lieu]:
    """See tests/fixtures/shelf.py."""
    return shelf.made(build)


@pytest.fixture
def lieu(made_lieu: Callable[[], Lieu], db: None) -> Lieu:
    """See Lieu."""
    return made_lieu()


def build() -> Lieu:
    """Make it, as the system."""
    caisse, autre = f.caisse("251"), f.caisse("422")
    structure, voisine = f.partenaire(caisse), f.partenaire(caisse)
    f.motif("URGENCE", "RUPTURE")
    pairs = [(caisse, structure), (caisse, voisine), (autre, structure)]
    return Lieu(
        caisse,
        autre,
        structure,
        voisine,
        {(where.pk, by.pk): f.convention(by, where) for where, by in pairs},
        f.membership(Profil.TECHNICIEN, structure),
        f.membership(Profil.SUPERVISEUR, caisse),
        f.membership(Profil.SUPERVISEUR, autre),
    )
