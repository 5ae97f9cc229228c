"""Medians, percentiles and means of whole days, from how many times each number of days occurred."""

from collections.abc import Mapping
from typing import Any


def percentile(histogram: Mapping[int, int], share: int) -> int | None:
    """The smallest number of days that `share` percent of the cases do not exceed; None without a case.

    The nearest rank, as `percentile_disc` of PostgreSQL: always a number that occurred. 50 is the median.
    """
    total = sum(histogram.values())
    seen = 0
    for days in sorted(histogram):
        seen += histogram[days]
        if seen * 100 >= share * total:
            return days
    return None


def add_histogram(into: dict[int, int], histogram: Mapping[Any, int]) -> None:
    """Count a histogram, which may come from JSON with its numbers as texts ({"12": 3}), into another one."""
    for value, count in histogram.items():
        number = int(value)
        into[number] = into.get(number, 0) + count
