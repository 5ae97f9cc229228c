"""A complément without an answer: reminded at 15 days, closed at 30, as the door would."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from signalements.enums import Statut
from signalements.models import Complement, Demande, Passage

pytestmark = pytest.mark.django_db

ASKED = date(2026, 11, 2)


def at(days: int) -> Any:
    """That many days after the complément was asked."""
    day = ASKED + timedelta(days=days)
    return clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def waiting(place: Any) -> Demande:
    """A demande sent on the 28th of October whose complément was asked on the 2nd of November."""
    with at(0):
        found: Demande = place.demande(
            Statut.A_COMPLETER,
            envoyee_le=datetime(2026, 10, 28, 9, tzinfo=UTC),
            cree_le=datetime(2026, 10, 28, 8, tzinfo=UTC),
            suspendue_le=ASKED,
            reste_jours=2,
            assignee_a=place.agent,
        )
        tenant = {"demande": found, "caisse": found.caisse, "partenaire": found.partenaire}
        Complement.objects.create(**tenant, demande_le=clock.now(), demande_par=place.agent)
    return found


def test_the_structure_is_reminded_once(setting: Any) -> None:
    place = setting()
    demande = waiting(place)
    with at(14):
        assert sweeps.run("rappel_complement") == 0
    for days in (15, 16, 21):
        with at(days):
            assert sweeps.run("rappel_complement") == (1 if days == 15 else 0)
    mail = Courriel.objects.get()
    assert (mail.evenement, mail.destinataire) == ("complement_rappel", place.auteur)
    assert mail.donnees == {"echeance": (ASKED + timedelta(days=30)).isoformat()}
    assert mail.lien == f"/espace-partenaire/demandes/{demande.reference}/"


def test_the_colleagues_are_reminded_when_the_author_has_left(setting: Any) -> None:
    from accounts.enums import Profil
    from tests import factories

    place = setting()
    waiting(place)
    colleague = factories.utilisateur(Profil.TECHNICIEN, place.convention.partenaire)
    place.auteur.is_active, place.auteur.inactive_le = False, clock.now()
    place.auteur.save()
    with at(15):
        sweeps.run("rappel_complement")
    assert Courriel.objects.get().destinataire == colleague


def test_it_is_closed_at_thirty_days_with_all_the_door_would_write(setting: Any) -> None:
    place = setting()
    demande = waiting(place)
    with at(29):
        assert sweeps.run("abandon_complement") == 0
    with at(30):
        assert sweeps.run("abandon_complement") == 1
        assert sweeps.run("abandon_complement") == 0
        moment = clock.now()
    demande.refresh_from_db()
    assert (demande.statut, demande.issue, demande.traitee_le) == ("TRAITEE", "SANS_SUITE", moment)
    assert (demande.suspendue_le, demande.reste_jours, demande.jours_attente) == (None, None, 30)
    assert (demande.version, demande.modifiee_le) == (2, moment)
    passage = Passage.objects.get()
    assert (passage.de, passage.vers, passage.issue) == ("A_COMPLETER", "TRAITEE", "SANS_SUITE")
    assert (passage.cote, passage.acteur_id, passage.le) == ("SYSTEME", None, moment)
    assert (passage.jours_bruts, passage.jours_nets) == (35, 5)
    assert passage.commentaire
    assert Complement.objects.get().repondu_le == moment
    event = Evenement.objects.get(verbe="transition")
    assert event.details == {"de": "A_COMPLETER", "vers": "TRAITEE", "version": 2, "issue": "SANS_SUITE"}
    assert (event.caisse_id, event.partenaire_id) == (demande.caisse_id, demande.partenaire_id)
    told = Courriel.objects.filter(evenement="complement_abandon").values_list("destinataire_id", "lien")
    assert dict(told) == {
        place.auteur.pk: f"/espace-partenaire/demandes/{demande.reference}/",
        place.agent.pk: f"/espace-caisse/demandes/{demande.reference}/",
    }


def test_days_late_it_closes_once_and_reminds_nobody(setting: Any) -> None:
    place = setting()
    waiting(place)
    with at(45):
        assert sweeps.run("rappel_complement") == 0
        assert sweeps.run("abandon_complement") == 1
    assert Passage.objects.get().jours_nets == 5


def test_the_caisse_has_its_own_delays(setting: Any) -> None:
    place = setting(rappel_complement=7, abandon_complement=10)
    waiting(place)
    with at(7):
        assert sweeps.run("rappel_complement") == 1
    with at(10):
        assert sweeps.run("abandon_complement") == 1


def test_an_answered_complement_is_left_alone(setting: Any) -> None:
    place = setting()
    with at(0):
        place.demande(Statut.COMPLETEE)
    with at(60):
        assert sweeps.run("abandon_complement") == 0
