"""The world of the matrix full of canaries, made once for the tests of this folder that start from it."""

from collections.abc import Callable

import pytest

from tests.fixtures.shelf import Shelf
from tests.leaks.canaries import world_with_canaries
from tests.permissions.world import World


@pytest.fixture
def made_world(shelf: Shelf) -> Callable[[], World]:
    """See `canaries`."""
    return shelf.made(world_with_canaries)


@pytest.fixture
def world(made_world: Callable[[], World], db: None) -> World:
    """See `canaries`."""
    return made_world()
