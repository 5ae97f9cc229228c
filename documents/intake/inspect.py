"""Look into a file before anything is kept of it: nature, size, structure.

The cheap checks of `decisions.md` §5, made while the person waits; the antivirus comes later and adds to
them. The name is only compared with the content: what a file is, its first bytes say.
"""

import os
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Final

from django.conf import settings

from documents.intake.images import Kind, check_image
from documents.intake.pdf import check_pdf
from documents.intake.refusals import Refusal, RefusedFile

_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_ARCHIVES: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"MSCF")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE_MARKS: Final = (b"word/", b"xl/", b"ppt/", b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis")
_PDF_NAMES: Final = frozenset({".pdf", ""})
_IMAGE_NAMES: Final = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".heic", ".heif", ""})
_HEAD: Final = 2048

MIME_TYPES: Final = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.HEIC: "image/heic",
}


@dataclass(frozen=True)
class Inspected:
    """What is known of a file that can be kept. Width and height in pixels, as stored; 0 for a PDF."""

    kind: Kind
    size: int
    pages: int
    width: int = 0
    height: int = 0

    @property
    def mime_type(self) -> str:
        """The type to store, never the one the browser announced."""
        return MIME_TYPES[self.kind]


def inspect(file: BinaryIO, name: str | None = None) -> Inspected:
    """Look into a file; RefusedFile with a sentence to show when it cannot be accepted.

    `name` defaults to that of the file, if it has one. The file is left at its beginning, open.
    """
    try:
        return _inspect(file, name if name is not None else getattr(file, "name", "") or "")
    finally:
        file.seek(0)


def _inspect(file: BinaryIO, name: str) -> Inspected:
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise RefusedFile(Refusal.EMPTY)
    if size > settings.PIECE_MAX_BYTES:
        raise RefusedFile(Refusal.TOO_LARGE)
    kind = kind_of(file)
    extension = PurePath(str(name)).suffix.lower()
    if extension not in (_PDF_NAMES if kind == Kind.PDF else _IMAGE_NAMES):
        raise RefusedFile(Refusal.EXTENSION)
    if kind == Kind.PDF:
        return Inspected(kind, size, check_pdf(file))
    width, height = check_image(file, kind)
    return Inspected(kind, size, 1, width, height)


def kind_of(file: BinaryIO) -> Kind:
    """The nature of a file by its first bytes, at the very first place."""
    file.seek(0)
    head = file.read(_HEAD)
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return Kind.HEIC
    if head.startswith(b"PK"):
        raise RefusedFile(Refusal.OFFICE if any(mark in head for mark in _OFFICE_MARKS) else Refusal.ARCHIVE)
    if head.startswith((_OLE, b"{\\rtf")):
        raise RefusedFile(Refusal.OFFICE)
    if head.startswith(_ARCHIVES):
        raise RefusedFile(Refusal.ARCHIVE)
    raise RefusedFile(Refusal.TYPE)
