"""Counting what an address tries, so that it can be told to wait."""

from django.core.cache import cache


def within(key: str, *, most: int, seconds: int) -> bool:
    """Count one more try under `key`; whether there were at most `most` in the last `seconds`."""
    name = f"essais:{key}"
    cache.add(name, 0, seconds)
    try:
        return int(cache.incr(name)) <= most
    except ValueError:
        # It expired between the two.
        return True


def exhausted(key: str, *, most: int) -> bool:
    """Whether `key` has no try left; counts nothing."""
    return int(cache.get(f"essais:{key}") or 0) >= most
