"""The roll-up: counts of the log, the same whether it runs once, twice, late or a day at a time."""

import statistics
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from portal import clock, sweeps
from portal.tenancy import scope
from signalements.models import DelaiHabituel, StatistiqueArretee, StatistiqueMensuelle
from signalements.queries.delais import usual_delay, usual_delays

JUNE = date(2026, 6, 1)
COUNTS = [f.name for f in StatistiqueMensuelle._meta.concrete_fields if f.name != "id"]


def at(day: date, hour: int = 12) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def rolled() -> list[tuple[Any, ...]]:
    return sorted(StatistiqueMensuelle.objects.values_list(*COUNTS), key=repr)


def some_demandes(lieu: Any, count: int = 40) -> None:
    random = Random(7)
    for _ in range(count):
        sent = JUNE + timedelta(days=random.randrange(60))
        decided = sent + timedelta(days=random.randrange(25)) if random.random() < 0.7 else None
        lieu.vecue(
            sent,
            decided,
            urgente=random.random() < 0.2,
            structure=random.choice([lieu.structure, lieu.voisine]),
            dans_delai=random.random() < 0.6,
        )


def test_a_month_is_counted_by_structure_and_as_a_whole(lieu: Any) -> None:
    lieu.vecue(JUNE, JUNE + timedelta(days=9), waited=4, urgente=True)
    lieu.vecue(JUNE, JUNE + timedelta(days=3), dans_delai=False, structure=lieu.voisine)
    lieu.vecue(JUNE + timedelta(days=29))
    with at(date(2026, 7, 2)):
        sweeps.run("statistiques")
    whole = StatistiqueMensuelle.objects.get(partenaire=None, mois=JUNE)
    assert (whole.recues, whole.urgentes, whole.entrees, whole.sorties) == (3, 1, 3, 2)
    assert (whole.decidees, whole.jugees, whole.tenues) == (2, 2, 1)
    assert (whole.mesurees, whole.jours_bruts, whole.jours_nets) == (2, 12, 8)
    assert (whole.bruts, whole.nets) == ({"9": 1, "3": 1}, {"5": 1, "3": 1})
    mine = StatistiqueMensuelle.objects.get(partenaire=lieu.structure, mois=JUNE)
    assert (mine.recues, mine.urgentes, mine.decidees, mine.bruts) == (2, 1, 1, {"9": 1})


def test_late_twice_or_day_by_day_the_counts_are_the_same(lieu: Any) -> None:
    some_demandes(lieu)
    end = date(2026, 9, 10)
    with at(end):
        assert sweeps.run("statistiques") == 4
        late = rolled()
        assert sweeps.run("statistiques") == 0
        assert rolled() == late
    StatistiqueMensuelle.objects.all().delete()
    StatistiqueArretee.objects.all().delete()
    for days in range(0, (end - JUNE).days + 1, 3):
        with at(JUNE + timedelta(days=days)):
            sweeps.run("statistiques")
    with at(end):
        sweeps.run("statistiques")
    assert rolled() == late
    assert sum(row.recues for row in StatistiqueMensuelle.objects.filter(partenaire=None)) == 40


def test_a_day_belongs_to_the_time_zone_of_the_caisse(lieu: Any) -> None:
    """22:30 UTC on the 30th of June is the 1st of July in Paris, and still June in Cayenne."""
    lieu.autre_caisse.fuseau = "America/Cayenne"
    lieu.autre_caisse.save()
    for caisse in (lieu.caisse, lieu.autre_caisse):
        row = lieu.vecue(date(2026, 6, 30), caisse=caisse)
        row.passages.update(le=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    with at(date(2026, 8, 1)):
        sweeps.run("statistiques")
    months = dict(
        StatistiqueMensuelle.objects.filter(partenaire=None, recues=1).values_list("caisse_id", "mois")
    )
    assert months == {lieu.caisse.pk: date(2026, 7, 1), lieu.autre_caisse.pk: JUNE}


def test_a_day_is_counted_an_hour_after_its_end(lieu: Any) -> None:
    lieu.vecue(JUNE)
    with clock.at(datetime(2026, 6, 1, 22, 30, tzinfo=UTC)):  # half past midnight in Paris
        sweeps.run("statistiques")
        assert not StatistiqueMensuelle.objects.exists()
    with clock.at(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)):
        sweeps.run("statistiques")
        assert StatistiqueMensuelle.objects.filter(partenaire=None, recues=1).count() == 1


def test_a_structure_reads_its_own_rows_and_a_caisse_its_own(lieu: Any) -> None:
    lieu.vecue(JUNE)
    lieu.vecue(JUNE, structure=lieu.voisine)
    lieu.vecue(JUNE, caisse=lieu.autre_caisse)
    with at(date(2026, 7, 2)):
        sweeps.run("statistiques")
    with scope("partenaire", lieu.voisine.pk):
        assert {row.partenaire_id for row in StatistiqueMensuelle.objects.all()} == {lieu.voisine.pk}
    with scope("caisse", lieu.autre_caisse.pk):
        assert {row.caisse_id for row in StatistiqueMensuelle.objects.all()} == {lieu.autre_caisse.pk}
    with scope("national"):
        assert not StatistiqueMensuelle.objects.exists()


def test_the_usual_delay_is_the_median_of_90_days_from_ten_cases(lieu: Any) -> None:
    end, days = date(2026, 9, 10), [1, 2, 2, 3, 5, 8, 8, 13, 21]
    for count in days:
        lieu.vecue(end - timedelta(days=count), end)
    lieu.vecue(end - timedelta(days=200), end - timedelta(days=91))
    with at(end):
        assert sweeps.run("delais_habituels") == 0
        assert usual_delay(lieu.caisse.pk, "SAISINE") is None
        lieu.vecue(end - timedelta(days=34), end)
        assert sweeps.run("delais_habituels") == 1
        assert sweeps.run("delais_habituels") == 0
    assert usual_delay(lieu.caisse.pk, "SAISINE") == statistics.median_low([*days, 34])
    assert usual_delay(lieu.caisse.pk, "CONTACT") is None
    with scope("partenaire", lieu.voisine.pk):
        assert usual_delays([lieu.caisse.pk, lieu.autre_caisse.pk]) == {(lieu.caisse.pk, "SAISINE"): 5}
    with at(end + timedelta(days=91)):
        assert sweeps.run("delais_habituels") == 1
    assert not DelaiHabituel.objects.exists()
