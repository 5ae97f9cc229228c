"""One portal for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import owner_url
from tests.documents.clamd import fake_clamd
from tests.fixtures.smtp import MailServer
from tests.resilience.site import Site


class Antivirus:
    """What the antivirus of the site does with a file."""

    def __init__(self) -> None:
        self.answers = True
        self.seen = 0

    def __call__(self, content: bytes) -> bytes | None:
        self.seen += 1
        return b"stream: OK\0" if self.answers else None


@pytest.fixture(scope="session")
def mails() -> Iterator[MailServer]:
    """The mail server of the site."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def antivirus() -> Antivirus:
    """See Antivirus."""
    return Antivirus()


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory,
    mails: MailServer,
    antivirus: Antivirus,
    django_db_setup: None,
) -> Iterator[Site]:
    """A portal with a dozen complete drafts; its servers may be stopped and killed, and are brought back."""
    folder = Path(tmp_path_factory.mktemp("site"))
    with fake_clamd(antivirus) as clamd:
        site = Site(
            folder,
            EMAIL_URL=mails.url,
            CLAMAV_URL=clamd,
            STORAGE_URL=(folder / "pieces").as_uri(),
            PAGES_ROOT=str(folder / "pages"),
        )
        try:
            site.start(drafts=12, migrated=owner_url(connection.settings_dict["NAME"]))
            yield site
        finally:
            site.stop()
