"""Medians, percentiles and means of whole days, from how many times each number of days occurred."""

from collections import Counter
from collections.abc import Mapping


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


def histogram_of(stored: Mapping[str, int]) -> Counter[int]:
    """A histogram as JSON keeps it, {"12": 3}."""
    return Counter({int(days): count for days, count in stored.items()})
