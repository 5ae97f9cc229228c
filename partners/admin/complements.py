"""What the rooms above add to the page of a convention: rows to read, papers to take, acts."""

from collections.abc import Callable
from typing import Any

from partners.models import Convention

Papiers = Callable[[Convention], list[tuple[str, str]]]
INLINES: list[Any] = []
"""Inlines of the page of a convention that exists."""
PAPIERS: list[Papiers] = []
"""Each gives the papers of a convention as it stands: (address, words of the link)."""
