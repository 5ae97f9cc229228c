"""The portal does not start with a database login that goes round the policies."""

import os
import subprocess
import sys

import pytest

from portal.embedded.layout import PROJECT
from portal.embedded.postgres import SUPERUSER
from tests.resilience.site import Site

pytestmark = pytest.mark.stack


def start(site: Site, address: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a process of the portal with another database login, to its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env={**os.environ, **site.environment, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("login", "words"), [("owner", "it owns tables"), ("superuser", "it is a superuser"), ("web", "")]
)
def test_the_web_process_refuses_it(site: Site, login: str, words: str) -> None:
    passwords = site.cluster.passwords
    address = {
        "owner": site.cluster.owner_url,
        "superuser": site.cluster.url(SUPERUSER, passwords.superuser),
        "web": site.cluster.web_url,
    }[login]
    done = start(site, address, "-c", "import portal.wsgi")
    assert (done.returncode == 0) == (login == "web"), done.stderr
    assert words in done.stderr
    assert passwords.superuser not in done.stderr


def test_the_worker_refuses_it(site: Site) -> None:
    done = start(
        site, site.cluster.owner_url, "-m", "celery", "--app", "portal.celery", "worker", "--pool", "solo"
    )
    assert done.returncode != 0
    assert "it owns tables" in done.stderr
