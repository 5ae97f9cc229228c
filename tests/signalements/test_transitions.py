"""The transition table, the door and the clocks."""

from datetime import UTC, date, datetime

import pytest

from accounts.enums import Profil
from portal import clock
from portal.audit.models import Evenement
from portal.errors import DomainError
from portal.workflow import SYSTEME, ForbiddenTransition, StaleObject
from signalements.clocks import read_deadline
from signalements.enums import Statut
from signalements.models import Passage
from signalements.operations.door import change_status, lock_demande
from signalements.transitions import TABLE
from tests import factories as f

pytestmark = pytest.mark.django_db


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def made_world(shelf):
    return shelf.made(build)


@pytest.fixture
def world(made_world, _scope):
    return made_world()


def build():
    caisse = f.caisse("251")
    structure = f.partenaire(caisse)
    conv = f.convention(structure, caisse)
    return {
        "conv": conv,
        "tech": f.membership(Profil.TECHNICIEN, structure),
        "mas": f.membership(Profil.CONSEILLER_MAS, caisse),
    }


def sent(world, moment: str):
    """A saisine sent at `moment`."""
    with clock.at(at(moment)):
        demande = f.demande(world["conv"], world["tech"].user, statut=Statut.BROUILLON)
        locked = lock_demande(world["tech"], demande.pk)
        change_status(
            locked,
            Statut.ENVOYEE,
            actor=world["tech"],
            changes={"envoyee_le": clock.now(), "information_donnee": True},
        )
    return locked


def move(demande, target, actor, moment: str, **kwargs):
    with clock.at(at(moment)):
        locked = lock_demande(actor, demande.pk)
        change_status(locked, target, actor=actor, **kwargs)
    return locked


def test_sending_starts_five_jours_ouvres(world):
    demande = sent(world, "2025-04-16 09:00")
    assert demande.echeance == date(2025, 4, 24)
    assert demande.delai_jours == 5


def test_a_complement_suspends_and_what_was_left_comes_back(world):
    demande = sent(world, "2025-06-02 09:00")
    assert demande.echeance == date(2025, 6, 10)
    asked = move(demande, Statut.A_COMPLETER, world["mas"], "2025-06-04 10:00")
    assert (asked.suspendue_le, asked.reste_jours) == (date(2025, 6, 4), 3)
    back = move(demande, Statut.COMPLETEE, world["tech"], "2025-06-16 10:00")
    assert back.echeance == date(2025, 6, 19)
    assert (back.suspendue_le, back.reste_jours, back.jours_attente) == (None, None, 12)


def test_a_late_demande_stays_late_after_a_complement(world):
    demande = sent(world, "2025-06-02 09:00")
    asked = move(demande, Statut.A_COMPLETER, world["mas"], "2025-06-12 10:00")
    assert asked.reste_jours == -2
    back = move(demande, Statut.COMPLETEE, world["tech"], "2025-06-16 10:00")
    assert back.echeance == date(2025, 6, 12)


def test_each_passage_is_logged_with_both_clocks_and_journaled(world):
    demande = sent(world, "2025-06-02 09:00")
    move(demande, Statut.A_COMPLETER, world["mas"], "2025-06-04 10:00")
    move(demande, Statut.COMPLETEE, world["tech"], "2025-06-16 10:00")
    rows = list(
        Passage.objects.filter(demande=demande).values_list("de", "vers", "jours_bruts", "jours_nets")
    )
    assert rows == [
        ("BROUILLON", "ENVOYEE", 0, 0),
        ("ENVOYEE", "A_COMPLETER", 2, 2),
        ("A_COMPLETER", "COMPLETEE", 14, 2),
    ]
    assert Evenement.objects.filter(objet_id=demande.reference, verbe="transition").count() == 3


def test_what_the_table_does_not_hold_is_refused(world):
    demande = sent(world, "2025-06-02 09:00")
    with pytest.raises(ForbiddenTransition):
        move(demande, Statut.TRAITEE, world["tech"], "2025-06-02 10:00")
    asked = move(demande, Statut.A_COMPLETER, world["mas"], "2025-06-04 10:00")
    with pytest.raises(ForbiddenTransition):
        move(asked, Statut.TRAITEE, world["mas"], "2025-06-04 11:00")


def test_reopening_needs_a_reason_and_starts_a_new_delay(world):
    demande = sent(world, "2025-06-02 09:00")
    done = {"issue": "INJOIGNABLE", "traitee_le": at("2025-06-03 10:00")}
    move(demande, Statut.TRAITEE, world["mas"], "2025-06-03 10:00", changes=done)
    undone = {"issue": "", "traitee_le": None}
    with pytest.raises(DomainError, match="raison"):
        move(demande, Statut.EN_COURS, world["mas"], "2025-06-10 10:00", changes=undone)
    again = move(
        demande, Statut.EN_COURS, world["mas"], "2025-06-10 10:00", changes=undone, commentaire="Rappel reçu."
    )
    assert again.echeance == date(2025, 6, 17)


def test_the_second_of_two_decisions_is_stale(world):
    demande = sent(world, "2025-06-02 09:00")
    seen = demande.version
    move(demande, Statut.EN_COURS, world["mas"], "2025-06-03 10:00")
    with pytest.raises(StaleObject):
        lock_demande(world["mas"], demande.pk, version=seen)


def test_only_the_portal_closes_an_unanswered_complement():
    assert TABLE.targets(Statut.A_COMPLETER, SYSTEME.role) == [Statut.TRAITEE]


@pytest.mark.parametrize(
    ("day", "texte", "ton"),
    [
        (date(2025, 6, 3), "Échéance le 10/06 (dans 7 jours)", "neutral"),
        (date(2025, 6, 7), "Échéance proche\u00a0: dans 3 jours", "warning"),
        (date(2025, 6, 9), "Échéance dans 1 jour", "danger"),
        (date(2025, 6, 10), "Échéance aujourd’hui", "danger"),
        (date(2025, 6, 14), "En retard de 4 jours", "late"),
    ],
)
def test_a_deadline_is_read_in_words(world, day, texte, ton):
    lue = read_deadline(sent(world, "2025-06-02 09:00"), day)
    assert (lue.texte, lue.ton) == (texte, ton)


def test_a_demande_treated_on_its_first_day_says_so(world):
    demande = sent(world, "2025-06-02 09:00")
    move(demande, Statut.EN_COURS, world["mas"], "2025-06-02 10:00")
    outcome = {"issue": "DROITS_OUVERTS", "traitee_le": at("2025-06-02 11:00")}
    treated = move(demande, Statut.TRAITEE, world["mas"], "2025-06-02 11:00", changes=outcome)
    assert read_deadline(treated).texte == "Traitée le jour même"
