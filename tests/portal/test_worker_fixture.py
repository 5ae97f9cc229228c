"""The worker of the tests is a real one, and comes back after a test killed it."""

import os

import pytest

from tests.fixtures.worker import Worker

pytestmark = pytest.mark.worker


def test_the_worker_runs_in_its_own_process_and_survives_a_killing(worker: Worker) -> None:
    from portal.celery import app

    before = app.control.inspect([worker.name]).stats()[worker.name]["pid"]
    assert before != os.getpid()
    worker.kill()
    assert not worker.alive
    worker.start()
    assert app.control.inspect([worker.name]).stats()[worker.name]["pid"] != before
