"""Percentiles of a histogram are those of the days themselves."""

import math
import statistics
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from portal.percentiles import add_histogram, percentile


@given(st.lists(st.integers(min_value=0, max_value=400), min_size=1), st.integers(min_value=1, max_value=100))
def test_nearest_rank(days: list[int], share: int) -> None:
    histogram = Counter(days)
    assert percentile(histogram, share) == sorted(days)[math.ceil(len(days) * share / 100) - 1]
    assert percentile(histogram, 50) == statistics.median_low(days)


def test_nothing_has_no_percentile() -> None:
    assert percentile({}, 50) is None


def test_histograms_add_up() -> None:
    whole = {4: 2}
    add_histogram(whole, {"12": 3, "4": 1})
    assert whole == {4: 3, 12: 3}
