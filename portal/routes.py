"""Addresses of pages, resolved once in the life of a process: a page asks for some twenty of them."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=1024)
def address_of(name: str, *args: object) -> str:
    """The address of the page called `name`; with arguments only when they take few values, never a reference.

    Raises:
        NoReverseMatch: there is no such page.
    """
    return reverse(name, args=args)
