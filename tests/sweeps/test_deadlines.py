"""Near and late: announced once, on the jours ouvrés of each caisse, to those who can act."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from portal import clock, sweeps
from portal.audit.models import Evenement
from portal.courriels.models import Courriel
from portal.tenancy import scope
from signalements.enums import Statut

FRIDAY = date(2026, 12, 4)


def at(day: date, hour: int = 9) -> Any:
    """That hour of that day, UTC."""
    return clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def told(kind: str) -> set[tuple[int | None, str, str]]:
    """Who was told: account, address, reference."""
    rows = Courriel.objects.filter(evenement=kind)
    return set(rows.values_list("destinataire_id", "adresse", "reference"))


@pytest.mark.django_db
def test_a_near_deadline_is_told_to_the_follower_or_else_to_the_team(setting: Any) -> None:
    place = setting()
    followed = place.demande(Statut.EN_COURS, echeance=FRIDAY + timedelta(days=3), assignee_a=place.agent)
    nobodys = place.demande(Statut.ENVOYEE, echeance=FRIDAY)
    place.demande(Statut.ENVOYEE, echeance=FRIDAY + timedelta(days=12))
    place.demande(Statut.ENVOYEE, echeance=FRIDAY, promesse_tenue_le=clock.now())
    place.demande(Statut.A_COMPLETER, echeance=FRIDAY)
    with at(FRIDAY):
        assert sweeps.run("echeance_proche") == 2
        assert sweeps.run("echeance_proche") == 0
    assert told("echeance_proche") == {
        (place.agent.pk, "", followed.reference),
        (None, place.caisse.equipe_mas_courriel, nobodys.reference),
    }
    mail = Courriel.objects.get(destinataire=place.agent)
    assert mail.lien == f"/espace-caisse/demandes/{followed.reference}/"
    assert mail.donnees == {"echeance": followed.echeance.isoformat()}
    assert Evenement.objects.filter(details__acte="echeance_proche").count() == 2


@pytest.mark.django_db
def test_what_becomes_near_over_a_weekend_is_told_on_friday(setting: Any) -> None:
    place = setting(seuil_proche=1)
    place.demande(Statut.ENVOYEE, echeance=FRIDAY + timedelta(days=3))
    with at(FRIDAY - timedelta(days=1)):
        assert sweeps.run("echeance_proche") == 0
    with at(FRIDAY):
        assert sweeps.run("echeance_proche") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "fuseau", "day", "expected"),
    [
        ("METROPOLE", "Europe/Paris", date(2025, 12, 26), 1),
        ("ALSACE_MOSELLE", "Europe/Paris", date(2025, 12, 26), 0),
        ("METROPOLE", "Europe/Paris", date(2026, 12, 25), 0),
        ("METROPOLE", "Europe/Paris", date(2026, 12, 26), 0),
        ("LA_REUNION", "Indian/Reunion", date(2027, 12, 20), 0),
        ("METROPOLE", "Europe/Paris", date(2027, 12, 20), 1),
    ],
)
def test_nothing_is_announced_on_a_day_off(
    setting: Any, zone: str, fuseau: str, day: date, expected: int
) -> None:
    place = setting(zone_feries=zone, fuseau=fuseau)
    place.demande(Statut.ENVOYEE, echeance=day - timedelta(days=4))
    with at(day):
        assert sweeps.run("en_retard") == expected


@pytest.mark.django_db
def test_today_is_that_of_the_caisse(setting: Any) -> None:
    reunion = setting("974", zone_feries="LA_REUNION", fuseau="Indian/Reunion")
    paris = setting("751")
    for place in (reunion, paris):
        place.demande(Statut.ENVOYEE, echeance=FRIDAY - timedelta(days=1))
    with at(FRIDAY - timedelta(days=1), 21):
        assert sweeps.run("en_retard") == 1, "it is already Friday in La Réunion"
    with at(FRIDAY, 8):
        assert sweeps.run("en_retard") == 1


@pytest.mark.django_db
def test_a_late_demande_is_told_to_the_superviseurs_too_once_even_days_late(setting: Any) -> None:
    place = setting()
    late = place.demande(Statut.ENVOYEE, echeance=FRIDAY - timedelta(days=1))
    place.demande(Statut.TRAITEE, echeance=FRIDAY - timedelta(days=1))
    with at(FRIDAY + timedelta(days=4)):
        assert sweeps.run("en_retard") == 1
    with at(FRIDAY + timedelta(days=6)):
        assert sweeps.run("en_retard") == 0
    assert told("echeance_depassee") == {
        (place.superviseur.pk, "", late.reference),
        (None, place.caisse.equipe_mas_courriel, late.reference),
    }


@pytest.mark.django_db
def test_an_agent_who_left_is_replaced_by_the_team(setting: Any) -> None:
    place = setting()
    late = place.demande(Statut.EN_COURS, echeance=FRIDAY, assignee_a=place.agent)
    place.agent.is_active, place.agent.inactive_le = False, clock.now()
    place.agent.save()
    with at(FRIDAY):
        sweeps.run("echeance_proche")
    assert told("echeance_proche") == {(None, place.caisse.equipe_mas_courriel, late.reference)}


@pytest.mark.django_db
def test_a_closed_caisse_announces_nothing(setting: Any) -> None:
    place = setting(active=False)
    place.demande(Statut.ENVOYEE, echeance=FRIDAY)
    with at(FRIDAY):
        assert sweeps.run("echeance_proche") == 0


@pytest.mark.django_db
def test_a_sweep_asks_little_of_the_database_however_many_rows(
    setting: Any, django_assert_max_num_queries: Any
) -> None:
    place = setting()
    for _ in range(12):
        place.demande(Statut.ENVOYEE, echeance=FRIDAY)
    with at(FRIDAY), django_assert_max_num_queries(16):
        assert sweeps.run("echeance_proche") == 12


@pytest.mark.django_db(transaction=True)
def test_two_at_once_announce_once(setting: Any) -> None:
    with transaction.atomic():
        place = setting()
        for _ in range(30):
            place.demande(Statut.ENVOYEE, echeance=FRIDAY - timedelta(days=1))
    counts: list[int] = []

    def work() -> None:
        with at(FRIDAY), scope("systeme"):
            counts.append(sweeps.run("en_retard"))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction.atomic():
        assert Courriel.objects.filter(evenement="echeance_depassee").count() == 60
        assert Evenement.objects.filter(details__acte="retard").count() == 30
    assert sum(counts) == 30


@pytest.mark.django_db
def test_a_mail_already_queued_keeps_none_of_the_others_back(setting: Any) -> None:
    place = setting()
    first = place.demande(Statut.ENVOYEE, echeance=FRIDAY)
    with at(FRIDAY):
        assert sweeps.run("echeance_proche") == 1
        other = place.demande(Statut.ENVOYEE, echeance=FRIDAY)
        first.rappel_proche_le = None
        first.save()
        assert sweeps.run("echeance_proche") == 2
    mails = Courriel.objects.filter(evenement="echeance_proche")
    assert sorted(mails.values_list("reference", flat=True)) == sorted([first.reference, other.reference])


@pytest.mark.django_db
def test_a_superviseur_who_follows_the_demande_is_told_once(setting: Any) -> None:
    place = setting()
    late = place.demande(Statut.EN_COURS, echeance=FRIDAY, assignee_a=place.superviseur)
    with at(FRIDAY + timedelta(days=3)):
        assert sweeps.run("en_retard") == 1
    assert told("echeance_depassee") == {(place.superviseur.pk, "", late.reference)}
    assert Courriel.objects.count() == 1


@pytest.mark.django_db
def test_the_rows_a_sweep_writes_have_identifiers_of_version_7_each_its_own(setting: Any) -> None:
    place = setting()
    for _ in range(20):
        place.demande(Statut.ENVOYEE, echeance=FRIDAY)
    with at(FRIDAY):
        sweeps.run("echeance_proche")
    for rows in (Courriel.objects.all(), Evenement.objects.filter(details__acte="echeance_proche")):
        drawn = list(rows.values_list("id", flat=True))
        assert len(set(drawn)) == len(drawn) == 20
        assert {(pk.version, pk.variant) for pk in drawn} == {(7, uuid.RFC_4122)}
