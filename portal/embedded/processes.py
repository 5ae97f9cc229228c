"""Starting and stopping processes without ever leaving an orphan.

Each child leads its own session, so Ctrl-C in the terminal reaches the supervisor alone, which stops its children in
order; and each asks the kernel for a signal at its parent's death, so that `kill -9` of the supervisor stops them too.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal.embedded.console import ServerFailed

PR_SET_PDEATHSIG = 1
STOP_TIMEOUT = 15.0
LOG_LIMIT = 5_000_000


@dataclass(frozen=True)
class Identity:
    """How a process sheds root: an account of the machine, and a wrapper put before its command."""

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    @property
    def popen_options(self) -> dict[str, object]:
        """The keyword arguments of `subprocess` that switch to this account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass
class Service:
    """One process to keep running: its command, and how to stop it."""

    name: str
    label: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    folder: Path
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGTERM
    identity: Identity = field(default_factory=Identity)
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process, its output appended to its log."""
        rotate(self.log)
        with self.log.open("ab") as output:
            self.process = spawn(
                [*self.identity.prefix, *self.command],
                death_signal=self.death_signal,
                env=dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=self.pass_fds,
                **self.identity.popen_options,
            )

    @property
    def exit_code(self) -> int | None:
        """The exit code once the process has ended, None while it runs or before it started."""
        return None if self.process is None else self.process.poll()

    def stop(self, timeout: float = STOP_TIMEOUT) -> None:
        """Ask the process to stop, and kill its whole group after `timeout` seconds."""
        if self.process is None:
            return
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout)
        kill_group(self.process.pid)
        self.process.wait()
        self.process = None

    def require_alive(self) -> None:
        """Raise a readable error, with the end of the log, when the process has ended."""
        if self.exit_code is not None:
            raise ServerFailed(f"{self.label} ne démarre pas. Fin de {self.log} :\n{tail(self.log)}")


def parent_death_guard(death_signal: int) -> Callable[[], None] | None:
    """The function a child runs before its command so that it never outlives its parent (Linux only)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def guard() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return guard


def spawn(
    command: Sequence[str], *, death_signal: int = signal.SIGTERM, **options: object
) -> "subprocess.Popen[bytes]":
    """Start a command in its own session, tied to the life of this process.

    Call it from the main thread: the kernel watches the thread that forked, not the process.
    """
    return subprocess.Popen(
        list(command), start_new_session=True, preexec_fn=parent_death_guard(death_signal), **options
    )  # type: ignore[call-overload]


def kill_group(leader: int) -> None:
    """Kill whatever is left of the session a child led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def die_with_parent(death_signal: int = signal.SIGTERM) -> None:
    """Have this process receive `death_signal` when its parent ends (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)


def free_port() -> int:
    """A TCP port of the loopback interface nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], *, alive: Callable[[], None], timeout: float, what: str) -> None:
    """Poll `ready` until it holds; `alive` raises when there is nothing left to wait for."""
    deadline = time.monotonic() + timeout
    pause = 0.01
    while not ready():
        alive()
        if time.monotonic() > deadline:
            raise ServerFailed(f"{what} ne répond pas après {timeout:.0f} secondes.")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)


def command_of(pid: int) -> str:
    """The command line of a process of this machine, empty when there is none."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    answer = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout


def end_leftover(pid: int, marker: str, stop_signal: int) -> None:
    """Stop a process a killed supervisor left behind, recognised by `marker` in its command line."""
    if pid <= 1 or marker not in command_of(pid):
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, stop_signal)
    deadline = time.monotonic() + STOP_TIMEOUT
    while marker in command_of(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    if marker in command_of(pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def rotate(log: Path) -> None:
    """Keep one earlier log, and start afresh when this one has grown large."""
    with contextlib.suppress(OSError):
        if log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    return ""
