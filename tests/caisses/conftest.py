"""Two caisses and their administrators, signed in on the admin."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.administration import Place


@pytest.fixture
def place(made_administration: Callable[[], Place], _scope: None) -> Place:
    """See Place."""
    return made_administration()


@pytest.fixture
def admin(place: Place) -> Any:
    return place.client(place.admin)


@pytest.fixture
def national(place: Place) -> Any:
    return place.client(place.national)
