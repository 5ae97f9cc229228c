"""Small numbers in statistics: counts from 1 to 4 are masked, and whatever would give them away.

A total shown beside its parts gives a masked part by subtraction when it is alone, and nearly so when what is masked
adds up to very little: then another part is masked with it.
"""

from collections.abc import Sequence

SMALLEST = 5


def is_small(count: int) -> bool:
    """Whether a count is too small to be shown; zero tells of nobody."""
    return 0 < count < SMALLEST


def masked_places(parts: Sequence[int]) -> frozenset[int]:
    """Which parts are masked when they stand beside their total.

    Every small one; then, while only one is masked or those that are add up to less than five, the smallest of the
    others, until nothing but zeros is left.
    """
    masked = {place for place, count in enumerate(parts) if is_small(count)}
    if not masked:
        return frozenset()
    others = sorted(
        (place for place, count in enumerate(parts) if count and place not in masked), key=lambda p: parts[p]
    )
    while others and (len(masked) < 2 or sum(parts[place] for place in masked) < SMALLEST):
        masked.add(others.pop(0))
    return frozenset(masked)


def shown(parts: Sequence[int]) -> list[int | None]:
    """The parts beside their total, None where they are masked."""
    hidden = masked_places(parts)
    return [None if place in hidden else count for place, count in enumerate(parts)]


def shown_total(parts: Sequence[int]) -> int | None:
    """The total of the parts, None when it is small itself."""
    total = sum(parts)
    return None if is_small(total) else total
