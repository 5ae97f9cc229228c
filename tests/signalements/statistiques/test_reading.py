"""What the statistics read: the roll-up and what is live add up to the log, whenever the sweep ran last."""

import math
import statistics
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import clock, sweeps
from portal.tenancy import scope
from signalements.queries.statistiques import Champ, Lecture, Periode, read_statistics

SUMMER = Periode(date(2026, 6, 1), date(2026, 10, 1))
END = date(2026, 9, 10)


def at(day: date) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def read(lieu: Any, **champ: Any) -> Lecture:
    with scope("caisse", lieu.caisse.pk), at(END):
        return read_statistics(lieu.caisse, Champ(SUMMER, **champ))


def lived(lieu: Any, count: int = 60) -> list[tuple[date, int, int, int]]:
    """Demandes of a summer; the month of each decision, its gross and net days, its structure."""
    random, decisions = Random(11), []
    for _ in range(count):
        sent = SUMMER.debut + timedelta(days=random.randrange(100))
        gross, by = random.randrange(1, 40), random.choice([lieu.structure, lieu.voisine])
        decided = sent + timedelta(days=gross)
        waited = random.randrange(gross + 1)
        if decided > END:
            lieu.vecue(sent, structure=by)
        else:
            lieu.vecue(sent, decided, waited=waited, structure=by)
            decisions.append((decided.replace(day=1), gross, gross - waited, by.pk))
    return decisions


def test_percentiles_and_means_are_those_of_the_decisions(lieu: Any) -> None:
    decisions = lived(lieu)
    with at(END):
        sweeps.run("statistiques")
    found = read(lieu)
    gross = sorted(decision[1] for decision in decisions)
    net = sorted(decision[2] for decision in decisions)
    assert found.ensemble.decidees == len(decisions) > 20
    assert (found.ensemble.brut(50), found.ensemble.net(50)) == (
        statistics.median_low(gross),
        statistics.median_low(net),
    )
    assert found.ensemble.brut(90) == gross[math.ceil(len(gross) * 0.9) - 1]
    assert found.ensemble.moyenne_brute == statistics.mean(gross)
    assert found.ensemble.moyenne_nette == statistics.mean(net)
    august = [decision[1] for decision in decisions if decision[0] == date(2026, 8, 1)]
    assert found.par_mois[date(2026, 8, 1)].brut(50) == statistics.median_low(august)
    own = [decision[1] for decision in decisions if decision[3] == lieu.voisine.pk]
    assert found.par_structure[lieu.voisine.pk].decidees == len(own)
    only = read(lieu, structure=lieu.voisine.pk)
    assert only.ensemble.brut(50) == statistics.median_low(own)


def test_it_is_the_same_before_the_sweep_after_it_and_long_after(lieu: Any) -> None:
    lived(lieu)
    live = read(lieu)
    for day in (date(2026, 6, 20), date(2026, 8, 5), END):
        with at(day):
            sweeps.run("statistiques")
        assert read(lieu) == live
    assert live.ensemble.recues == 60


def test_the_stock_of_a_month_is_what_was_open_at_its_end(lieu: Any) -> None:
    lieu.vecue(date(2026, 6, 3), date(2026, 7, 3))
    lieu.vecue(date(2026, 6, 4), date(2026, 6, 20))
    lieu.vecue(date(2026, 7, 5))
    with at(END):
        sweeps.run("statistiques")
    assert list(read(lieu).stock.values()) == [1, 1, 1, 1]
    lieu.vecue(END)
    found = read(lieu)
    assert (list(found.stock.values()), found.maintenant.ouvertes) == ([1, 1, 1, 2], 2)


def test_another_caisse_counts_for_nothing(lieu: Any) -> None:
    lieu.vecue(date(2026, 6, 3), date(2026, 7, 3), caisse=lieu.autre_caisse)
    assert read(lieu).ensemble.recues == 0
    with at(END):
        sweeps.run("statistiques")
    found = read(lieu)
    assert (found.ensemble.recues, found.par_structure, found.maintenant.ouvertes) == (0, {}, 0)


def test_a_kind_narrows_everything(lieu: Any) -> None:
    lieu.vecue(date(2026, 6, 3), date(2026, 6, 9))
    with at(date(2026, 7, 1)):
        sweeps.run("statistiques")
    lieu.vecue(date(2026, 8, 3), fonction="CONTACT")
    found = read(lieu, service="CONTACT")
    assert (found.ensemble.recues, found.ensemble.decidees, found.maintenant.ouvertes) == (1, 0, 1)
    assert found.par_structure[lieu.structure.pk].recues == 1
    assert {name: row.recues for name, row in read(lieu).par_service.items()} == {"SAISINE": 1, "CONTACT": 1}


def test_reading_costs_four_queries(lieu: Any) -> None:
    lived(lieu, 12)
    with CaptureQueriesContext(connection) as captured:
        read(lieu)
    assert len([q for q in captured.captured_queries if "set_config" not in q["sql"]]) == 4
