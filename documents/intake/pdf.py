"""The structure of a PDF: nothing active, nothing attached, nothing hidden, and a bounded effort to know it.

Every object is read, those inside compressed object streams too. What these streams unfold to is measured
before they are opened, and the time spent is counted, so that a small file cannot cost gigabytes or minutes;
beyond the limits the file is refused, since what cannot be read cannot be vouched for.
"""

import os
import time
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import pikepdf
from pikepdf.settings import set_qpdf_limits

from documents.intake.refusals import MAX_PAGES, MEBIBYTE, Refusal, RefusedFile

_MAX_OBJECTS: Final = 100_000
_MAX_ITEMS: Final = 1_000_000
_MAX_UNFOLDED: Final = 64 * MEBIBYTE
_MAX_CPU_SECONDS: Final = 5.0
_MAX_TABLES: Final = 100
_TAIL: Final = 2048

# Process-wide and unsynchronised in qpdf: set once, when the module is imported. They bind what qpdf decodes
# while it reads the structure (object and reference streams); pictures and texts of pages are not decoded.
set_qpdf_limits(
    flate_max_memory=8 * MEBIBYTE,
    png_max_memory=8 * MEBIBYTE,
    run_length_max_memory=8 * MEBIBYTE,
    tiff_max_memory=8 * MEBIBYTE,
    dct_max_memory=8 * MEBIBYTE,
    max_stream_filters=4,
    parser_max_container_size=_MAX_OBJECTS,
)

_ACTIONS: Final = frozenset(
    {
        *("/JavaScript", "/Launch", "/GoToE", "/GoToR", "/SubmitForm", "/ImportData"),
        *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute"),
    }
)
_ACTIVE_ANNOTATIONS: Final = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_ACTIVE_KEYS: Final = frozenset({"/JavaScript", "/RichMediaContent", "/RichMediaSettings", "/XFA"})
_ATTACHMENT_KEYS: Final = frozenset({"/EF", "/EmbeddedFiles"})
_UNREAD: Final = ("error decoding stream", "unfilterable", "limit exceeded", "object stream")
_MARKUP: Final = (b"<script", b"<html", b"<!doctype", b"<?php", b"<svg")
_REBUILT_MARKS: Final = {
    b"/JavaScript": Refusal.ACTIVE,
    b"/Launch": Refusal.ACTIVE,
    b"/XFA": Refusal.ACTIVE,
    b"/RichMedia": Refusal.ACTIVE,
    b"/EmbeddedFile": Refusal.EMBEDDED,
    b"/Encrypt": Refusal.ENCRYPTED,
}


def check_pdf(file: BinaryIO) -> int:
    """The number of pages of a PDF that can be kept; RefusedFile otherwise. Does not close the file."""
    _check_edges(file)
    file.seek(0)
    try:
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream, inherit_page_attributes=False) as pdf:
            if pdf.is_encrypted:
                raise RefusedFile(Refusal.ENCRYPTED)
            _check_objects(pdf)
            pages = len(pdf.pages)
            warnings = [str(warning) for warning in pdf.get_warnings()]
    except pikepdf.PasswordError as error:
        raise RefusedFile(Refusal.ENCRYPTED) from error
    except (pikepdf.PdfError, pikepdf.PikepdfError, RuntimeError, ValueError, TypeError) as error:
        raise RefusedFile(Refusal.DAMAGED) from error
    if pages == 0:
        raise RefusedFile(Refusal.DAMAGED)
    if pages > MAX_PAGES:
        raise RefusedFile(Refusal.TOO_MANY_PAGES)
    if any(mark in warning for warning in warnings for mark in _UNREAD):
        raise RefusedFile(Refusal.DAMAGED)
    if any("reconstruct" in warning for warning in warnings):
        _check_rebuilt(file)
    return pages


def _check_edges(file: BinaryIO) -> None:
    """The first and last bytes: one nature only, and an end."""
    file.seek(0)
    head = file.read(1024)
    if not head.startswith(b"%PDF-"):
        raise RefusedFile(Refusal.TYPE)
    if any(mark in head.lower() for mark in _MARKUP):
        raise RefusedFile(Refusal.POLYGLOT)
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL))
    if b"%%EOF" not in file.read():
        # Either the end is missing, or something else was glued after it.
        raise RefusedFile(Refusal.POLYGLOT if zipfile.is_zipfile(file) else Refusal.TRUNCATED)
    if zipfile.is_zipfile(file):
        raise RefusedFile(Refusal.POLYGLOT)
    file.seek(0)
    if file.read().count(b"/XRef") > _MAX_TABLES:
        raise RefusedFile(Refusal.TOO_COMPLEX)


def _check_rebuilt(file: BinaryIO) -> None:
    """A file whose table had to be rebuilt may read otherwise elsewhere: no forbidden word in clear at all."""
    file.seek(0)
    content = file.read()
    for mark, refusal in _REBUILT_MARKS.items():
        if mark in content:
            raise RefusedFile(refusal)


def _check_objects(pdf: pikepdf.Pdf) -> None:
    """Read every object the tables name, within the limits."""
    places = pdf.get_xref_table()
    if len(places) > _MAX_OBJECTS:
        raise RefusedFile(Refusal.TOO_COMPLEX)
    _check_object_streams(pdf, {entry.obj_stream_number or 0 for entry in places.values() if entry.type == 2})
    stop_at = time.thread_time() + _MAX_CPU_SECONDS
    budget = _check_tree(pdf.trailer, _MAX_ITEMS)
    for number, generation in places:
        budget = _check_tree(pdf.get_object(number, generation), budget)
        if time.thread_time() > stop_at:
            raise RefusedFile(Refusal.TOO_COMPLEX)


def _check_object_streams(pdf: pikepdf.Pdf, numbers: set[int]) -> None:
    """Measure what the object streams unfold to before anything opens them."""
    budget = _MAX_UNFOLDED
    for number in numbers:
        stream = pdf.get_object(number, 0)
        if not isinstance(stream, pikepdf.Stream):
            raise RefusedFile(Refusal.DAMAGED)
        if _text(stream.stream_dict.get("/Filter")) == "/FlateDecode":
            budget -= _unfolded_size(stream.read_raw_bytes(), budget)
        else:
            budget -= len(stream.read_bytes())
        if budget < 0:
            raise RefusedFile(Refusal.TOO_COMPLEX)


def _unfolded_size(data: bytes, budget: int) -> int:
    """The size of a deflated stream once unfolded, counted up to a little more than the budget."""
    unfolder = zlib.decompressobj()
    size = 0
    while data and not unfolder.eof and size <= budget:
        try:
            size += len(unfolder.decompress(data, MEBIBYTE))
        except zlib.error as error:
            raise RefusedFile(Refusal.DAMAGED) from error
        data = unfolder.unconsumed_tail
    return size


def _check_tree(root: Any, budget: int) -> int:
    """One object and what is written in place inside it; the number of items that may still be read."""
    stack: list[Any] = [root]
    while stack:
        item = stack.pop()
        is_stream = isinstance(item, pikepdf.Stream)
        if not is_stream and not isinstance(item, pikepdf.Dictionary | pikepdf.Array):
            continue
        budget -= len(item.stream_dict if is_stream else item) + 1
        if budget < 0:
            raise RefusedFile(Refusal.TOO_COMPLEX)
        entries = _entries(item)
        if not isinstance(item, pikepdf.Array):
            _check_dictionary(dict(entries), is_stream=is_stream)
        stack.extend(_direct_children(entries))
    return budget


def _entries(item: Any) -> list[tuple[str, Any]]:
    """Keys and values of a dictionary or stream; values of an array."""
    if isinstance(item, pikepdf.Stream):
        return list(item.stream_dict.items())
    if isinstance(item, pikepdf.Dictionary):
        return list(item.items())
    return [("", value) for value in item]


def _direct_children(entries: list[tuple[str, Any]]) -> Iterator[Any]:
    """Containers written in place: those behind a reference are in the list of objects."""
    for _, value in entries:
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            yield value


def _check_dictionary(entries: dict[str, Any], *, is_stream: bool) -> None:
    """One dictionary. Names are compared after qpdf has undone their escapes (/#4aS is /JS)."""
    if _text(entries.get("/S")) in _ACTIONS or not _ACTIVE_KEYS.isdisjoint(entries):
        raise RefusedFile(Refusal.ACTIVE)
    if isinstance(entries.get("/JS"), pikepdf.String | pikepdf.Stream | str):
        raise RefusedFile(Refusal.ACTIVE)
    if _text(entries.get("/Subtype")) in _ACTIVE_ANNOTATIONS and "/Rect" in entries:
        raise RefusedFile(Refusal.ACTIVE)
    triggers = entries.get("/AA")
    if isinstance(triggers, pikepdf.Dictionary) and any(
        isinstance(action, pikepdf.Dictionary) and "/S" in action for action in triggers.as_dict().values()
    ):
        raise RefusedFile(Refusal.ACTIVE)
    if (
        not _ATTACHMENT_KEYS.isdisjoint(entries)
        or _text(entries.get("/Type")) == "/EmbeddedFile"
        or _text(entries.get("/Subtype")) == "/FileAttachment"
        or (is_stream and "/F" in entries)
    ):
        raise RefusedFile(Refusal.EMBEDDED)


def _text(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""
