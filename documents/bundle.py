"""Several pièces as one ZIP, written while it is sent: one chunk in memory at a time, nothing on the disk."""

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from documents import vault

EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/heic": "heic"}


@dataclass(frozen=True)
class Entry:
    """A file of the archive: its name there, and its content, opened."""

    name: str
    content: vault.OpenFile


class _Pipe(io.RawIOBase):
    """What the archive has written since it was last asked; it cannot be sought in."""

    def __init__(self) -> None:
        super().__init__()
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        chunk = bytes(data)  # type: ignore[call-overload]
        self._written.append(chunk)
        return len(chunk)

    def take(self) -> bytes:
        """What was written, given once."""
        taken = b"".join(self._written)
        self._written.clear()
        return taken


class Archive(Iterator[bytes]):
    """The chunks of a ZIP. Its files are closed at the end, at an error, or by `close()` even before the first.

    Files are stored as they are: PDFs and photos are compressed already.
    """

    def __init__(self, entries: list[Entry]) -> None:
        self._entries = entries
        self._chunks = self._written()

    def __next__(self) -> bytes:
        try:
            return next(self._chunks)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the stored files."""
        for entry in self._entries:
            entry.content.close()

    def _written(self) -> Iterator[bytes]:
        pipe = _Pipe()
        now = time.localtime()[:6]
        with ZipFile(pipe, "w", ZIP_STORED) as archive:
            for entry in self._entries:
                with archive.open(ZipInfo(entry.name, now), "w") as file:
                    for chunk in entry.content:
                        file.write(chunk)
                        yield pipe.take()
                yield pipe.take()
        yield pipe.take()
