"""Redis stopped or silent: what is done is saved at once, and the mail leaves later."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from portal import sweeps
from portal.courriels.models import Courriel
from portal.courriels.outbox import queue
from portal.courriels.types import type_of
from portal.embedded.layout import PROJECT
from tests.fixtures.smtp import MailServer
from tests.fixtures.worker import Worker

QUEUE = """
import django
django.setup()
import time
from django.db import transaction
from portal.courriels.outbox import queue
from portal.courriels.types import type_of
from portal.tenancy import unscoped
for number in range(20):
    with unscoped(), transaction.atomic():
        queue(type_of("demande_recue"), cle=str(number), equipe="mas@cpam.example")
time.sleep(0.2)
print("committed")
"""


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(50)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def queue_elsewhere(redis_url: str) -> str:
    """Queue twenty mails in a process whose Redis is that one; an answer in less than a silent Redis would need."""
    name = connection.settings_dict["NAME"]
    database = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    done = subprocess.run(
        [sys.executable, "-c", QUEUE],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": database, "REDIS_URL": redis_url},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["silent", "stopped"])
def test_the_work_is_saved_and_the_mails_leave_later(
    state: str, silent: str, mail_server: MailServer, alone: None
) -> None:
    url = silent if state == "silent" else "redis://127.0.0.1:1/0"
    assert "committed" in queue_elsewhere(url)
    with transaction.atomic():
        assert Courriel.objects.filter(envoye_le=None).count() == 20
    assert sweeps.run("courriels") == 20
    assert sweeps.run("courriels") == 0
    assert len(mail_server.messages) == 20


@pytest.mark.worker
def test_a_nudge_makes_the_worker_send(worker: Worker) -> None:
    # A nudge may be lost, on a machine that is busy with something else: the next one makes up for it.
    for number in range(6):
        with transaction.atomic():
            queue(type_of("demande_recue"), cle=str(number), equipe="mas@cpam.example")
        for _ in range(100):
            with transaction.atomic():
                if Courriel.objects.filter(envoye_le__isnull=False).exists():
                    return
            worker.app.control.ping(destination=[worker.name], timeout=0.1)
    pytest.fail(f"The mail has not left:\n{worker.log}")
