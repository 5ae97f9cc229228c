"""What the tests of the outbox share."""

import pytest

from tests.fixtures.worker import Worker


@pytest.fixture
def alone(_worker_process: Worker) -> None:
    """No worker of another test is left to take this test's mails."""
    if _worker_process.alive:
        _worker_process.kill()
