"""Fixtures of the component screens."""

import pytest

from tests.ui import screens


@pytest.fixture
def seen() -> screens.Seen:
    """What the screens received, empty at the start of each test."""
    screens.seen.__init__()  # type: ignore[misc]
    return screens.seen
