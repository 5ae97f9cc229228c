"""Only an explicit « stream: OK » makes a file clean."""

import io
import socket
import tempfile
from pathlib import Path

import pytest
from django.core.checks import run_checks

from documents.antivirus import (
    EICAR,
    TEST_MARK,
    Clamd,
    Structural,
    Verdict,
    backend,
    is_configured,
    parse_address,
    scan,
    version,
)
from tests.documents import corpus
from tests.documents.clamd import KINDS, fake_clamd, real_clamd

CLEAN = corpus.pdf()


@pytest.fixture
def short_folder():
    """A folder whose path fits in the name of a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="ep", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture(params=KINDS)
def daemon(request, settings, short_folder):
    """Every daemon this machine has, in turn, named in the settings."""
    started = {
        "tcp": lambda: fake_clamd(),
        "unix": lambda: fake_clamd(path=short_folder / "c"),
        "clamd": lambda: real_clamd(short_folder),
    }[request.param]()
    with started as settings.CLAMAV_URL:
        yield


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (CLEAN, Verdict.SAINE),
        (corpus.encoded(corpus.page_of_text(600, 800)), Verdict.SAINE),
        (EICAR, Verdict.INFECTEE),
        (CLEAN + TEST_MARK, Verdict.INFECTEE),
        (bytes(3 * 1024 * 1024 + 7), Verdict.SAINE),
    ],
    ids=["pdf", "photo", "eicar", "mark", "several chunks"],
)
def test_verdicts(daemon, content, verdict):
    stream = io.BytesIO(content)
    stream.seek(5)
    assert scan(stream) == verdict
    assert not stream.closed


def test_the_version_is_told(daemon):
    assert version().startswith("ClamAV ")
    assert is_configured()


def test_many_files_one_after_the_other(daemon):
    contents = [CLEAN, EICAR] * 5
    assert [scan(io.BytesIO(content)) for content in contents] == [Verdict.SAINE, Verdict.INFECTEE] * 5


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", Verdict.SAINE),
        (b"stream: OK", Verdict.INDETERMINE),
        (b"stream: OK\n\0", Verdict.INDETERMINE),
        (b" stream: OK\0", Verdict.INDETERMINE),
        (b"stream: ok\0", Verdict.INDETERMINE),
        (b"OK\0", Verdict.INDETERMINE),
        (b"stream: OK\0stream: OK\0", Verdict.INDETERMINE),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Verdict.INFECTEE),
        (b"stream: Heuristics.Encrypted.PDF FOUND\0", Verdict.INFECTEE),
        (b"stream: X FOUND", Verdict.INDETERMINE),
        (b"stream: Can't allocate memory ERROR\0", Verdict.INDETERMINE),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict.INDETERMINE),
        (b"UNKNOWN COMMAND\0", Verdict.INDETERMINE),
        (b"\0", Verdict.INDETERMINE),
        (b"", Verdict.INDETERMINE),
        (b"\xff\xfe" * 4000, Verdict.INDETERMINE),
        (None, Verdict.INDETERMINE),
    ],
)
def test_every_answer(settings, answer, verdict):
    settings.CLAMAV_TIMEOUT = 5 if answer is not None else 0.3
    with fake_clamd(lambda content: answer) as settings.CLAMAV_URL:
        assert scan(io.BytesIO(CLEAN)) == verdict


def test_a_file_larger_than_the_daemon_takes(settings):
    with fake_clamd(limit=200_000) as settings.CLAMAV_URL:
        assert scan(io.BytesIO(bytes(8 * 1024 * 1024))) == Verdict.INDETERMINE


def test_a_daemon_that_closes_at_once(settings):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings.CLAMAV_URL = f"tcp://127.0.0.1:{port}"
    assert scan(io.BytesIO(CLEAN)) == Verdict.INDETERMINE
    assert version() is None


def test_a_daemon_that_never_accepts(settings):
    settings.CLAMAV_TIMEOUT = 0.3
    with socket.create_server(("127.0.0.1", 0), backlog=1) as listener:
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        assert scan(io.BytesIO(bytes(8 * 1024 * 1024))) == Verdict.INDETERMINE
        assert version() is None


@pytest.mark.parametrize("url", ["unix:///nowhere/clamd.ctl", "tcp://nowhere.invalid:3310"])
def test_a_daemon_that_is_not_there(settings, url):
    settings.CLAMAV_URL = url
    assert scan(io.BytesIO(CLEAN)) == Verdict.INDETERMINE
    assert version() is None


def test_it_is_found_again_once_back(settings):
    with fake_clamd() as settings.CLAMAV_URL:
        assert scan(io.BytesIO(CLEAN)) == Verdict.SAINE
    assert scan(io.BytesIO(CLEAN)) == Verdict.INDETERMINE
    with fake_clamd() as settings.CLAMAV_URL:
        assert scan(io.BytesIO(CLEAN)) == Verdict.SAINE


# --- without antivirus


@pytest.mark.parametrize(
    ("content", "verdict"),
    [
        (CLEAN, Verdict.SAINE),
        (EICAR, Verdict.INFECTEE),
        (CLEAN + TEST_MARK, Verdict.INFECTEE),
        (corpus.refused()["script at opening"][1], Verdict.INFECTEE),
        (b"", Verdict.INFECTEE),
    ],
    ids=["pdf", "eicar", "mark", "active", "empty"],
)
def test_the_structural_answer(settings, content, verdict):
    settings.CLAMAV_URL = ""
    assert scan(io.BytesIO(content)) == verdict
    assert version() == "antivirus non configuré"
    assert not is_configured()


def test_the_marks_are_whole():
    assert EICAR == corpus.EICAR
    assert len(EICAR) == 68
    assert TEST_MARK == b"ESPACE-PARTENAIRES-TEST-ANTIVIRUS"


# --- settings


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("tcp://clamav:3311", ("clamav", 3311)),
        ("tcp://clamav", ("clamav", 3310)),
        ("tcp://[::1]:3310", ("::1", 3310)),
        ("unix:///run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    ],
)
def test_addresses(settings, url, address):
    settings.CLAMAV_URL = url
    assert parse_address(url) == address
    assert backend() == Clamd(address, 60.0, 5.0)


@pytest.mark.parametrize(
    "url", ["clamav:3310", "http://clamav", "tcp://", "unix://", "unix://run/x", "tcp://h:99999"]
)
def test_wrong_addresses(settings, url):
    with pytest.raises(ValueError, match=r"CLAMAV_URL|[Pp]ort"):
        parse_address(url)
    settings.CLAMAV_URL = url
    assert [error.id for error in run_checks() if error.id.startswith("documents.")] == ["documents.E002"]


@pytest.mark.parametrize(
    ("demo", "testing", "url", "expected"),
    [
        (False, False, "", ["documents.E001"]),
        (True, False, "", []),
        (False, True, "", []),
        (False, False, "tcp://clamav:3310", []),
    ],
)
def test_production_is_refused_without_antivirus(settings, demo, testing, url, expected):
    settings.DEMO, settings.TESTING, settings.CLAMAV_URL = demo, testing, url
    assert [error.id for error in run_checks() if error.id.startswith("documents.")] == expected


def test_the_default_needs_nothing(settings):
    settings.CLAMAV_URL = ""
    assert backend() == Structural()
