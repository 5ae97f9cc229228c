"""The structure of a photo: its size before its pixels, and the whole of it.

The readers of Pillow are called directly: only these formats, and our own limit before any decoding.
"""

import os
import zipfile
from enum import StrEnum
from typing import BinaryIO, Final

import pillow_heif
from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin

from documents.intake.refusals import MAX_PIXELS, Refusal, RefusedFile

_MAX_SIDE: Final = 30_000
_HEAD: Final = 1024
_PROBE: Final = (64, 64)
_BOX_HEADER: Final = 8


class Kind(StrEnum):
    """What a file is, by its first bytes."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    HEIC = "HEIC"


def open_image(file: BinaryIO, kind: Kind) -> Image.Image:
    """An image read up to its size and not decoded; RefusedFile when it is too large or unreadable."""
    # WeasyPrint switches this on for the whole process when it is imported: half a photo would pass for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    file.seek(0)
    try:
        image = _open(file, kind)
    except Exception as error:  # the readers raise anything on a hostile header
        raise RefusedFile(Refusal.DAMAGED) from error
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > _MAX_SIDE:
        raise RefusedFile(Refusal.TOO_MANY_PIXELS)
    if not width or not height:
        raise RefusedFile(Refusal.DAMAGED)
    return image


def _open(file: BinaryIO, kind: Kind) -> Image.Image:
    if kind == Kind.JPEG:
        return JpegImagePlugin.JpegImageFile(file)
    if kind == Kind.PNG:
        return PngImagePlugin.PngImageFile(file)
    return pillow_heif.HeifImageFile(file)


def check_image(file: BinaryIO, kind: Kind) -> tuple[int, int]:
    """Width and height of a photo that can be kept, as stored (not turned); RefusedFile otherwise.

    Says whether the whole file is there, at little cost: a JPEG is decoded at one eighth, the sums of a PNG
    are checked, the boxes of a HEIC are walked.
    """
    _check_one_nature(file)
    image = open_image(file, kind)
    size = image.size
    if kind == Kind.HEIC:
        _check_boxes(file)
        return size
    try:
        if kind == Kind.JPEG:
            image.draft("L", _PROBE)
            image.load()
        else:
            image.verify()
    except Exception as error:  # see open_image
        raise RefusedFile(Refusal.TRUNCATED if _is_truncated(error) else Refusal.DAMAGED) from error
    return size


def _is_truncated(error: Exception) -> bool:
    return "truncated" in str(error).lower() or isinstance(error, EOFError)


def _check_one_nature(file: BinaryIO) -> None:
    """No PDF in the first bytes and no archive at the end."""
    file.seek(0)
    if b"%PDF-" in file.read(_HEAD) or zipfile.is_zipfile(file):
        raise RefusedFile(Refusal.POLYGLOT)


def _check_boxes(file: BinaryIO) -> None:
    """The boxes of an ISO media file follow each other up to the end of the file."""
    end = file.seek(0, os.SEEK_END)
    place = 0
    while place < end:
        file.seek(place)
        header = file.read(2 * _BOX_HEADER)
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[_BOX_HEADER:], "big")
        elif size == 0:
            return
        if size < _BOX_HEADER or place + size > end:
            raise RefusedFile(Refusal.TRUNCATED)
        place += size
