"""Ask an antivirus about a file, and believe nothing but an explicit answer.

`settings.CLAMAV_URL` names a clamd (`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`). Anything else than
the literal « stream: OK » is not a clean file: an error, a silence, a closed connection, a file too large
for clamd all give INDETERMINE, and the file stays in quarantine (decisions.md §5).

Without an address (the embedded default only: see documents/checks.py) the structural checks answer, the two
test marks are recognised, and the status page says « antivirus non configuré ».
"""

import re
import socket
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Final, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from documents.intake import RefusedFile, inspect

EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file every antivirus knows; written in two parts so that this module is not taken for it."""

TEST_MARK: Final = b"ESPACE-PARTENAIRES-TEST-" + b"ANTIVIRUS"
"""A harmless mark with the same effect, for testers who may not hold the other one."""

DEFAULT_PORT: Final = 3310
_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_CLEAN: Final = b"stream: OK"
_FOUND: Final = re.compile(rb"stream: .+ FOUND")
_PRINTABLE: Final = re.compile(r"[^ -~]")


class Verdict(StrEnum):
    """What is known of a file after asking."""

    SAINE = "SAINE"
    INFECTEE = "INFECTEE"
    INDETERMINE = "INDETERMINE"


class Backend(Protocol):
    """Whoever answers for a file."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """The verdict on the whole of a file, from its beginning."""

    def version(self) -> str | None:
        """How it names itself on the status page and in the journal; None when it does not answer."""


@dataclass(frozen=True)
class Clamd:
    """A clamd daemon, asked over its socket.

    `timeout` bounds a whole exchange, in seconds. The connection is made anew for each file: a daemon that
    was restarted is found again by itself.
    """

    address: str | tuple[str, int]
    timeout: float = 60.0
    connect_timeout: float = 5.0

    def scan(self, stream: BinaryIO) -> Verdict:
        """Send the file (INSTREAM) and read the answer."""
        stream.seek(0)
        try:
            answer = self._ask(b"zINSTREAM\0", stream)
        except OSError:
            return Verdict.INDETERMINE
        if answer == _CLEAN:
            return Verdict.SAINE
        return Verdict.INFECTEE if answer and _FOUND.fullmatch(answer) else Verdict.INDETERMINE

    def version(self) -> str | None:
        """« ClamAV 1.4.6/27400/Sun Nov… » : programme, signatures and their date."""
        try:
            answer = self._ask(b"zVERSION\0")
        except OSError:
            return None
        return _PRINTABLE.sub("", answer.decode("ascii", "replace"))[:80] if answer else None

    def _ask(self, command: bytes, stream: BinaryIO | None = None) -> bytes | None:
        """The answer to one command; None when it does not come whole."""
        deadline = time.monotonic() + self.timeout
        with self._connect() as connection:
            connection.settimeout(self.timeout)
            try:
                connection.sendall(command)
                if stream is not None:
                    self._send(connection, stream, deadline)
            except (BrokenPipeError, ConnectionResetError):
                # clamd closes as soon as a file is larger than it takes. Its answer would not be an OK.
                return None
            return self._read(connection, deadline)

    def _connect(self) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, timeout=self.connect_timeout)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self.connect_timeout)
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection

    @staticmethod
    def _send(connection: socket.socket, stream: BinaryIO, deadline: float) -> None:
        while chunk := stream.read(_CHUNK):
            _keep_time(connection, deadline)
            connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
        connection.sendall(bytes(4))

    @staticmethod
    def _read(connection: socket.socket, deadline: float) -> bytes | None:
        """An answer up to its final zero, without it; None when cut short or endless."""
        answer = b""
        while len(answer) <= _LONGEST_ANSWER:
            _keep_time(connection, deadline)
            part = connection.recv(_LONGEST_ANSWER)
            if not part:
                return None
            answer += part
            if answer.endswith(b"\0"):
                return answer[:-1]
        return None


def _keep_time(connection: socket.socket, deadline: float) -> None:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError("no answer in time")
    connection.settimeout(remaining)


@dataclass(frozen=True)
class Structural:
    """No antivirus: the structure is checked again and the test marks are looked for. Never in production."""

    def scan(self, stream: BinaryIO) -> Verdict:
        """INFECTEE for a test mark or for a structure that the intake refuses."""
        stream.seek(0)
        content = stream.read()
        if EICAR in content or TEST_MARK in content:
            return Verdict.INFECTEE
        try:
            inspect(stream, name="")
        except RefusedFile:
            return Verdict.INFECTEE
        return Verdict.SAINE

    def version(self) -> str | None:
        """Said as it is."""
        return "antivirus non configuré"


def parse_address(url: str) -> str | tuple[str, int]:
    """The socket of a clamd: a path, or a host and a port. ValueError when the URL is neither."""
    parts = urlsplit(url)
    if parts.scheme == "tcp" and parts.hostname:
        return parts.hostname, parts.port or DEFAULT_PORT
    if parts.scheme == "unix" and parts.path and not parts.netloc:
        return parts.path
    raise ValueError("CLAMAV_URL is tcp://host:port or unix:///path")


def backend() -> Backend:
    """Who answers, by settings.CLAMAV_URL; settings.CLAMAV_TIMEOUT bounds an exchange, in seconds."""
    if not settings.CLAMAV_URL:
        return Structural()
    timeout = float(getattr(settings, "CLAMAV_TIMEOUT", 60))
    return Clamd(parse_address(settings.CLAMAV_URL), timeout, min(timeout, 5.0))


def is_configured() -> bool:
    """Whether a real antivirus is asked."""
    return bool(settings.CLAMAV_URL)


def scan(stream: BinaryIO) -> Verdict:
    """The verdict on a file, read from its beginning and left open. Never raises for the daemon's sake.

    Ask before a photo is converted: the conversion would wash away what an antivirus would see.
    """
    return backend().scan(stream)


def version() -> str | None:
    """What answers, for the status page and the piece's record; None when clamd does not answer."""
    return backend().version()
