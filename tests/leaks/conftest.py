"""The tests of this folder start from the world of the matrix."""

from tests.permissions.conftest import made_world, world

__all__ = ["made_world", "world"]
