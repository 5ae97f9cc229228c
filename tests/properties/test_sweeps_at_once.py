"""The sweeps over accounts, played by several machines at once and at random dates, do each thing once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import EtatCompte, Profil
from accounts.models import Utilisateur
from accounts.operations.absences import close_absent, warn_absent
from accounts.operations.effacement import EFFACE, announce_deletions, erase_inactive_accounts
from accounts.operations.fins_prevues import announce_expected_ends, apply_expected_ends
from portal import clock
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.tenancy import scope
from tests import factories as f

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
MACHINES = 3
WORK = (
    warn_absent,
    close_absent,
    announce_expected_ends,
    apply_expected_ends,
    announce_deletions,
    erase_inactive_accounts,
)


@pytest.fixture
def structure() -> Any:
    """A structure whose techniciens end at different days, left long ago, or sleep; two gestionnaires who sleep."""
    with transaction.atomic():
        caisse = f.caisse("251")
        made = f.partenaire(caisse, nombre_membres=20)
        f.convention(made, caisse)
        f.utilisateur(Profil.ADMIN_CAISSE, caisse)
        for _ in range(2):
            f.utilisateur(Profil.GESTIONNAIRE, made, active_le=START)
        for number in range(6):
            day = START + timedelta(days=20 * number)
            f.utilisateur(Profil.TECHNICIEN, made, active_le=START, fin_prevue=day.date())
            f.utilisateur(Profil.TECHNICIEN, made, active_le=START, is_active=False, inactive_le=day)
        return made


def everywhere(moment: datetime) -> None:
    """Each machine does all the work at `moment`, in transactions of its own, all starting together."""
    start = Barrier(MACHINES)

    def machine(number: int) -> None:
        try:
            with scope("systeme"), clock.at(moment):
                start.wait(timeout=30)
                for work in WORK[number:] + WORK[:number]:
                    with transaction.atomic():
                        work(1000)
        finally:
            connection.close()

    with ThreadPoolExecutor(MACHINES) as pool:
        list(pool.map(machine, range(MACHINES)))


@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
@given(days=st.lists(st.integers(1, 90), min_size=5, max_size=7))
def test_each_thing_is_done_once_however_many_do_it(structure: Any, days: list[int]) -> None:
    moment = START
    for step in days:
        moment += timedelta(days=step)
        everywhere(moment)
    everywhere(moment)
    with transaction.atomic():
        check(structure, moment)


def check(structure: Any, moment: datetime) -> None:
    """Each event was told once, nobody is left behind, and the last gestionnaire is still there."""
    for acte in ("inactivation", "suppression", "suppression_annoncee", "fin_annoncee"):
        told = list(Evenement.objects.filter(details__acte=acte).values_list("objet_id", flat=True))
        assert len(told) == len(set(told)), f"{acte} told twice"
    mails = list(Courriel.objects.filter(evenement="compte_ferme").values_list("adresse", flat=True))
    assert len(mails) == len(set(mails))
    active = Utilisateur.objects.filter(is_active=True)
    assert active.gestionnaires().of_partenaire(structure).exists()
    assert not active.filter(fin_prevue__lt=moment.date()).exists()
    for user in Utilisateur.objects.in_state(EtatCompte.SUPPRIME):
        assert user.identifiant == f"{EFFACE}{user.pk}"
        assert user.courriel == ""
    left = Utilisateur.objects.in_state(EtatCompte.INACTIF).filter(
        inactive_le__lte=moment - timedelta(days=185)
    )
    assert not left.exists()
