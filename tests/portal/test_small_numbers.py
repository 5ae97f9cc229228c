"""Nothing below five can be read, nor reckoned from the total."""

from hypothesis import given
from hypothesis import strategies as st

from portal.small_numbers import SMALLEST, is_small, masked_places, shown, shown_total

PARTS = st.lists(st.integers(min_value=0, max_value=40), max_size=12)


def test_a_lone_small_part_takes_another_with_it() -> None:
    assert shown([3, 20, 12, 0]) == [None, 20, None, 0]
    assert shown([1, 1, 30]) == [None, None, None]  # two ones would be read from a sum of two
    assert shown([2, 4, 30]) == [None, None, 30]
    assert (shown([3, 0]), shown_total([3, 0])) == ([None, 0], None)
    assert (shown([7, 0, 9]), shown_total([7, 0, 9])) == ([7, 0, 9], 16)


@given(PARTS)
def test_no_small_part_is_shown_and_none_can_be_subtracted(parts: list[int]) -> None:
    hidden = masked_places(parts)
    assert {place for place, count in enumerate(parts) if is_small(count)} <= hidden
    assert all(parts[place] for place in hidden)
    total = shown_total(parts)
    if hidden and total is not None:
        assert len(hidden) >= 2
        assert total - sum(count for count in shown(parts) if count) >= SMALLEST
