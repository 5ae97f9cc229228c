"""Two caisses and their administrators, signed in on the admin."""

from typing import Any

import pytest

from tests.fixtures.administration import Place, build


@pytest.fixture
def place() -> Place:
    return build()


@pytest.fixture
def admin(place: Place) -> Any:
    return place.client(place.admin)


@pytest.fixture
def national(place: Place) -> Any:
    return place.client(place.national)
