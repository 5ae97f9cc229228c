"""Jours ouvrés by zone, with the reference dates of the trade."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calendar import (
    ZoneFeries,
    add_jours_ouvres,
    count_jours_ouvres,
    is_jour_ouvre,
    last_good_day_calendar,
    public_holidays,
)

Z = ZoneFeries
DAYS = st.dates(date(2008, 1, 1), date(2060, 12, 31))
ZONES = st.sampled_from(ZoneFeries)
CLOSURES = st.frozensets(st.dates(date(2024, 1, 1), date(2025, 12, 31)), max_size=15)
NEAR_DAYS = st.dates(date(2023, 12, 1), date(2026, 2, 1))

FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
MOVING_2025 = {(4, 21), (5, 29), (6, 9)}
EXTRA_2025 = {
    Z.METROPOLE: set(),
    Z.ALSACE_MOSELLE: {(4, 18), (12, 26)},
    Z.GUADELOUPE: {(5, 27)},
    Z.MARTINIQUE: {(5, 22)},
    Z.GUYANE: {(6, 10)},
    Z.LA_REUNION: {(12, 20)},
    Z.MAYOTTE: {(4, 27)},
    Z.SAINT_MARTIN: {(5, 28)},
    Z.SAINT_BARTHELEMY: {(10, 9)},
}


@pytest.mark.parametrize("zone", ZoneFeries)
def test_the_holidays_of_each_zone(zone):
    assert {(day.month, day.day) for day in public_holidays(zone, 2025)} == FIXED | MOVING_2025 | EXTRA_2025[
        zone
    ]


def test_ascension_on_the_first_of_may_is_one_holiday():
    assert len(public_holidays(Z.METROPOLE, 2008)) == 10
    assert date(2008, 5, 1) in public_holidays(Z.METROPOLE, 2008)
    assert count_jours_ouvres(date(2008, 4, 30), date(2008, 5, 2), Z.METROPOLE) == 1


def test_in_2027_ascension_is_the_sixth_of_may_and_the_eighth_a_saturday():
    assert not is_jour_ouvre(date(2027, 5, 6), Z.METROPOLE)
    assert is_jour_ouvre(date(2027, 5, 7), Z.METROPOLE)
    assert not is_jour_ouvre(date(2027, 5, 8), Z.METROPOLE)
    assert count_jours_ouvres(date(2027, 4, 30), date(2027, 5, 10), Z.METROPOLE) == 5


def test_customary_days_overseas_are_left_to_the_caisse():
    schoelcher = date(2025, 7, 21)
    assert is_jour_ouvre(schoelcher, Z.MARTINIQUE)
    assert not is_jour_ouvre(schoelcher, Z.MARTINIQUE, closures=frozenset({schoelcher}))


@pytest.mark.parametrize(
    ("received", "zone", "due"),
    [
        (date(2025, 4, 16), Z.METROPOLE, date(2025, 4, 24)),
        (date(2025, 4, 16), Z.ALSACE_MOSELLE, date(2025, 4, 25)),
        (date(2025, 4, 28), Z.METROPOLE, date(2025, 5, 6)),
        (date(2025, 12, 22), Z.METROPOLE, date(2025, 12, 30)),
        (date(2025, 12, 22), Z.ALSACE_MOSELLE, date(2025, 12, 31)),
        (date(2026, 5, 18), Z.METROPOLE, date(2026, 5, 26)),
        (date(2026, 5, 18), Z.MARTINIQUE, date(2026, 5, 27)),
        (date(2024, 6, 5), Z.GUYANE, date(2024, 6, 13)),
        (date(2024, 12, 18), Z.LA_REUNION, date(2024, 12, 27)),
    ],
)
def test_five_jours_ouvres(received, zone, due):
    assert add_jours_ouvres(received, 5, zone) == due
    assert count_jours_ouvres(received, due, zone) == 5


def test_a_local_closure_moves_the_due_date():
    bridge = frozenset({date(2025, 5, 30)})
    assert add_jours_ouvres(date(2025, 5, 26), 3, Z.METROPOLE) == date(2025, 5, 30)
    assert add_jours_ouvres(date(2025, 5, 26), 3, Z.METROPOLE, bridge) == date(2025, 6, 2)


def test_what_comes_on_a_sunday_has_its_first_day_on_monday():
    assert add_jours_ouvres(date(2025, 6, 15), 1, Z.METROPOLE) == date(2025, 6, 16)


def test_zero_days_is_the_day_itself():
    assert add_jours_ouvres(date(2025, 6, 15), 0, Z.METROPOLE) == date(2025, 6, 15)


def test_thirty_calendar_days_end_on_day_29():
    assert last_good_day_calendar(date(2025, 1, 10), 30) == date(2025, 2, 8)
    assert last_good_day_calendar(date(2025, 1, 10), 1) == date(2025, 1, 10)
    with pytest.raises(ValueError, match="at least one day"):
        last_good_day_calendar(date(2025, 1, 10), 0)


@given(NEAR_DAYS, st.integers(-60, 60), ZONES, CLOSURES)
def test_counting_undoes_adding(day, n, zone, closures):
    moved = add_jours_ouvres(day, n, zone, closures)
    assert count_jours_ouvres(day, moved, zone, closures) == n
    assert n == 0 or is_jour_ouvre(moved, zone, closures)


@given(NEAR_DAYS, NEAR_DAYS, ZONES, CLOSURES)
def test_counting_is_the_sum_over_the_days(start, end, zone, closures):
    low, high = sorted((start, end))
    walked = [low + timedelta(days=k) for k in range((high - low).days + 1)]
    counted = walked[1:] if start <= end else walked[:-1]
    expected = sum(is_jour_ouvre(day, zone, closures) for day in counted)
    assert count_jours_ouvres(start, end, zone, closures) == (expected if start <= end else -expected)


@given(DAYS, DAYS, ZONES)
def test_adding_undoes_counting_on_a_jour_ouvre(start, end, zone):
    if is_jour_ouvre(end, zone) and abs((end - start).days) < 800:
        assert add_jours_ouvres(start, count_jours_ouvres(start, end, zone), zone) == end


@given(DAYS, DAYS, DAYS, ZONES)
def test_counts_add_up(first, second, third, zone):
    first, second, third = sorted((first, second, third))
    assert count_jours_ouvres(first, second, zone) + count_jours_ouvres(
        second, third, zone
    ) == count_jours_ouvres(first, third, zone)


@given(DAYS, st.integers(0, 40), ZONES)
def test_a_later_start_never_ends_earlier(day, n, zone):
    assert add_jours_ouvres(day, n, zone) <= add_jours_ouvres(day + timedelta(days=1), n, zone)
