"""Where the local files are: everything a clone starts or keeps lives under its own `.local/`."""

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.embedded.console import LauncherError

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Layout:
    """The folder of one stack (`run`, `test`, `bench`) and the files in it."""

    project: Path
    name: str

    @property
    def home(self) -> Path:
        return self.project / ".local" / self.name

    @property
    def postgres_data(self) -> Path:
        return self.home / "postgres"

    @property
    def redis_data(self) -> Path:
        return self.home / "redis"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def pieces(self) -> Path:
        return self.home / "pieces"

    @property
    def secrets_file(self) -> Path:
        return self.home / "secrets.json"

    @property
    def state_file(self) -> Path:
        return self.home / "state.json"

    @property
    def stamp_file(self) -> Path:
        return self.home / "prepared"

    def log(self, process: str) -> Path:
        """The log file of one process."""
        return self.logs / f"{process}.log"

    def create(self) -> None:
        """Make the folders. The home can be crossed (not listed) by the account PostgreSQL runs under."""
        try:
            for folder in (self.project / ".local", self.home):
                folder.mkdir(exist_ok=True)
            self.home.chmod(0o711)
            for folder in (self.logs, self.redis_data, self.pieces):
                folder.mkdir(exist_ok=True)
                folder.chmod(0o700)
        except PermissionError as error:
            raise LauncherError(
                f"Le dossier {error.filename} appartient à un autre compte : lancez la commande avec ce compte, "
                "ou supprimez le dossier."
            ) from error


class Lock:
    """An exclusive lock on a stack's folder, released by the kernel whatever happens to its holder."""

    def __init__(self, layout: Layout) -> None:
        self._path = layout.home / "lock"
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free; False when another process holds it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read, in one step, so that a crash never leaves half of it."""
    draft = path.with_name(path.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object, or an empty one when the file is missing or unreadable."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
