"""Turn photos into one clean PDF: upright, A4, readable, without anything but the picture.

The pixels are drawn again, so that nothing of the file survives but what can be seen: no place, no date, no
device, no thumbnail, no hidden bytes.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

import img2pdf
from PIL import Image, ImageFilter, ImageOps, ImageStat

from documents.intake.images import Kind, open_image
from documents.intake.inspect import kind_of
from documents.intake.refusals import Refusal, RefusedFile

A4_AT_300_DPI: Final = (2480, 3508)
JPEG_QUALITY: Final = 82

_A4_MILLIMETRES: Final = (210, 297)
_LAPLACIAN: Final = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)
_JUDGED_SIDE: Final = 1000
_SHARP_ENOUGH: Final = 300.0
_SMALLEST_SIDE: Final = 800
_SMALL: Final = (
    "Cette photo est petite\u00a0: vérifiez que le document se lit bien, ou reprenez-la de plus près."
)
_BLURRED: Final = (
    "Cette photo paraît floue\u00a0: vérifiez que le document se lit bien, "
    "ou reprenez-la à plat et bien éclairée."
)


def photos_to_pdf(photos: Sequence[BinaryIO]) -> bytes:
    """One PDF with a page per photo, in order; RefusedFile when one cannot be decoded.

    A page is A4, upright or on its side as the photo is. A photo larger than A4 at 300 dpi is reduced, never
    enlarged. One photo is decoded at a time.
    """
    if not photos:
        raise ValueError("at least one photo")
    pages = [_clean_jpeg(photo) for photo in photos]
    layout = img2pdf.get_layout_fun(
        pagesize=tuple(img2pdf.mm_to_pt(side) for side in _A4_MILLIMETRES),
        fit=img2pdf.FitMode.into,
        auto_orient=True,
    )
    pdf = img2pdf.convert(pages, layout_fun=layout, nodate=True, producer="", engine=img2pdf.Engine.internal)
    return bytes(pdf)


def _clean_jpeg(photo: BinaryIO) -> bytes:
    """The pixels of a photo, upright, flat, reduced and encoded again without metadata."""
    image = _upright(photo, A4_AT_300_DPI)
    image.thumbnail(_size_within(image.size, A4_AT_300_DPI), Image.Resampling.LANCZOS, reducing_gap=2.0)
    output = io.BytesIO()
    image.save(output, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return output.getvalue()


def _size_within(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """The size of a picture reduced to a box that turns with it (its longer side to the longer side)."""
    width, height = size
    scale = min(1, max(box) / max(size), min(box) / min(size))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _upright(photo: BinaryIO, box: tuple[int, int]) -> Image.Image:
    """The photo decoded, turned as its EXIF says, on white, grey or RGB, with nothing attached.

    A JPEG much larger than the `box` is decoded at half, a quarter or an eighth: less memory, less time.
    """
    kind = kind_of(photo)
    if kind == Kind.PDF:
        raise RefusedFile(Refusal.TYPE)
    source = open_image(photo, kind)
    try:
        if kind == Kind.JPEG:
            source.draft(None, _size_within(source.size, box))
        source.load()
        turned = ImageOps.exif_transpose(source)
        flat = _flatten(turned)
    except Exception as error:  # the readers raise anything on hostile data
        raise RefusedFile(Refusal.DAMAGED) from error
    clean = Image.new(flat.mode, flat.size)
    clean.paste(flat)
    return clean


def _flatten(image: Image.Image) -> Image.Image:
    if image.mode in {"1", "L"} and "transparency" not in image.info:
        return image.convert("L")
    if image.mode.startswith("I"):  # 16-bit grey: keep its 8 high bits
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return image.convert("RGB")


@dataclass(frozen=True)
class Sharpness:
    """How readable a photo looks. `advice` is a sentence for the person, or empty; never a refusal."""

    score: float
    width: int
    height: int
    advice: str


def blur_score(photo: BinaryIO) -> Sharpness:
    """Judge a photo by the strength of its edges and by its size (art. 3.1-g: « photo de qualité »).

    The score is the variance of the Laplacian of the grey picture reduced to 1,000 pixels, contrast spread:
    under 200 when blurred, over 900 on printed text. It is advice only: a plain sheet has few edges too.
    """
    image = _upright(photo, (_JUDGED_SIDE, _JUDGED_SIDE))
    photo.seek(0)
    width, height = open_image(photo, kind_of(photo)).size
    grey = image.convert("L")
    grey.thumbnail((_JUDGED_SIDE, _JUDGED_SIDE), Image.Resampling.LANCZOS)
    edges = ImageOps.autocontrast(grey, cutoff=1).filter(_LAPLACIAN)
    score = round(ImageStat.Stat(edges).var[0], 1)
    if min(width, height) < _SMALLEST_SIDE:
        advice = _SMALL
    elif score < _SHARP_ENOUGH:
        advice = _BLURRED
    else:
        advice = ""
    return Sharpness(score, width, height, advice)
