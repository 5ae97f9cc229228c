"""A worker killed in the middle of a task: the sweep does it again, once."""

import uuid

import pytest

from portal.embedded.processes import kill_group, wait_until
from tests.documents.corpus import pdf
from tests.resilience.conftest import Antivirus
from tests.resilience.site import CSRF, Site

pytestmark = pytest.mark.stack


def upload(site: Site, reference: str) -> tuple[int, str]:
    """Choose a file in the step of the pièces, as the page's script does."""
    import http.client

    border = uuid.uuid4().hex
    head = 'Content-Disposition: form-data; name="fichier"; filename="identite.pdf"\r\nContent-Type: application/pdf'
    body = f"--{border}\r\n{head}\r\n\r\n".encode() + pdf() + f"\r\n--{border}--\r\n".encode()
    link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    link.request(
        "POST",
        f"/espace-partenaire/demandes/{reference}/pieces/ajouter/type-identite/",
        body,
        {
            "Cookie": f"ep_session={site.seeded['session']}; ep_csrf={CSRF}",
            "X-CSRFToken": CSRF,
            "Accept": "application/json",
            "Content-Type": f"multipart/form-data; boundary={border}",
        },
    )
    response = link.getresponse()
    try:
        return response.status, response.read().decode()
    finally:
        link.close()


def test_a_worker_killed_while_a_file_is_scanned(site: Site, antivirus: Antivirus) -> None:
    antivirus.answers = False
    worker = site.worker()
    status, body = upload(site, site.seeded["references"][0])
    assert status == 201, body
    wait_until(lambda: antivirus.seen > 0, alive=worker.require_alive, timeout=60, what="the scan")
    assert worker.process is not None
    kill_group(worker.process.pid)
    worker.process.wait()
    assert site.rows("SELECT etat FROM documents_piece") == [("EN_ANALYSE",)]
    antivirus.answers = True
    site.sweep("pieces_a_analyser", times=3)
    assert site.rows("SELECT etat, analysee_le IS NOT NULL FROM documents_piece") == [("SAINE", True)]
    verdicts = (
        "SELECT count(*) FROM audit_evenement WHERE verbe = 'piece' AND details ->> 'acte' NOT IN ('depot')"
    )
    assert site.rows(verdicts) == [(1,)]
