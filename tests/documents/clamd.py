"""Antivirus daemons for the tests: one of our own that answers as told, and the real one where there is one."""

import contextlib
import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from documents.antivirus import EICAR, TEST_MARK, Clamd

Behaviour = Callable[[bytes], bytes | None]


def as_clamd_does(content: bytes) -> bytes:
    """Finds the two test marks."""
    found = EICAR in content or TEST_MARK in content
    return b"stream: EP.Test.UNOFFICIAL FOUND\0" if found else b"stream: OK\0"


class _Handler(socketserver.BaseRequestHandler):
    """Reads a whole command as clamd does, then answers or not."""

    server: "_Server"

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            part = self.request.recv(1)
            if not part:
                return
            command += part
        if command == b"zVERSION\0":
            self.request.sendall(b"ClamAV 1.4.6/27400/Sun Nov 22 2026\0")
            return
        content = self._content()
        answer = self.server.behaviour(content)
        if answer is None:
            self.server.leaving.wait()
        else:
            self.request.sendall(answer)

    def _content(self) -> bytes:
        content = b""
        while size := int.from_bytes(self._exactly(4), "big"):
            content += self._exactly(size)
            if self.server.limit is not None and len(content) > self.server.limit:
                raise ConnectionAbortedError("INSTREAM size limit exceeded")
        return content

    def _exactly(self, size: int) -> bytes:
        received = b""
        while len(received) < size:
            part = self.request.recv(size - len(received))
            if not part:
                raise ConnectionAbortedError("cut")
            received += part
        return received


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    behaviour: Behaviour
    limit: int | None
    leaving: threading.Event

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection cut by the test is no news."""


class _UnixServer(_Server):
    address_family = socket.AF_UNIX

    def get_request(self) -> tuple[socket.socket, str]:
        request, _ = self.socket.accept()
        return request, "unix"


@contextlib.contextmanager
def fake_clamd(
    behaviour: Behaviour = as_clamd_does, *, path: Path | None = None, limit: int | None = None
) -> Iterator[str]:
    """A daemon that receives the whole file, then answers what `behaviour` says (None: nothing, ever)."""
    server = _UnixServer(str(path), _Handler) if path else _Server(("127.0.0.1", 0), _Handler)
    server.behaviour, server.limit, server.leaving = behaviour, limit, threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
    finally:
        server.leaving.set()
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def real_clamd(folder: Path) -> Iterator[str]:
    """The clamd of this machine, with signatures of the two test marks only."""
    base = folder / "base"
    base.mkdir()
    (base / "ep_test.ndb").write_text(
        f"EP.Test.Eicar:0:*:{EICAR.hex()}\nEP.Test.Marque:0:*:{TEST_MARK.hex()}\n", encoding="ascii"
    )
    path = folder / "clamd.ctl"
    settings = folder / "clamd.conf"
    settings.write_text(
        f"LocalSocket {path}\nDatabaseDirectory {base}\nForeground yes\nStreamMaxLength 12M\n",
        encoding="ascii",
    )
    program = shutil.which("clamd") or "clamd"
    with (folder / "clamd.log").open("wb") as log:
        process = subprocess.Popen([program, "-c", str(settings)], stdout=log, stderr=log)
    try:
        for _ in range(300):
            if process.poll() is not None or Clamd(str(path)).version():
                break
            time.sleep(0.1)
        assert process.poll() is None, (folder / "clamd.log").read_text(errors="replace")
        yield f"unix://{path}"
    finally:
        process.terminate()
        process.wait(20)


KINDS = ["tcp", "unix", *(["clamd"] if shutil.which("clamd") else [])]
"""The daemons this machine can run: ours over both sockets, and the real one when it is on the PATH."""
