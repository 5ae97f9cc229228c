"""Who takes part in the stories of two people."""

import pytest

from tests.fixtures.stories import Deux, two_sides


@pytest.fixture
def deux() -> Deux:
    """See Deux."""
    return two_sides()
