"""Photos become one clean PDF."""

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from documents.intake import RefusedFile, blur_score, inspect, photos_to_pdf
from documents.intake.convert import A4_AT_300_DPI, _size_within
from tests.documents import corpus

A4_POINTS = (595.28, 841.89)


def files(*contents: bytes) -> list[io.BytesIO]:
    return [io.BytesIO(content) for content in contents]


def pictures(pdf: bytes) -> list[Image.Image]:
    """The picture of each page."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            (raw,) = page.get_images().values()
            found.append(pikepdf.PdfImage(raw).as_pil_image())
    return found


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [tuple(round(float(side), 2) for side in page.mediabox[2:]) for page in document.pages]


def photo_with_everything(image: Image.Image) -> bytes:
    """A photo that tells where, when and by what it was taken, turned on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    exif[0x010F] = "MARQUE-APPAREIL"
    exif.get_ifd(0x8825).update({1: "N", 2: (47.0, 14.0, 12.0), 29: "2026:11:22"})
    return corpus.encoded(image, exif=exif, comment=b"COMMENTAIRE-SECRET", icc_profile=b"PROFIL" * 30)


def test_one_page_per_photo_in_order():
    colours = ["red", "green", "blue"]
    photos = [corpus.encoded(Image.new("RGB", (300, 400), colour)) for colour in colours]
    pdf = photos_to_pdf(files(*photos))
    assert inspect(io.BytesIO(pdf), "x.pdf").pages == 3
    assert page_sizes(pdf) == [A4_POINTS] * 3
    for picture, colour in zip(pictures(pdf), colours, strict=True):
        expected = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
        assert all(abs(a - b) < 6 for a, b in zip(picture.getpixel((9, 9)), expected, strict=True))


def test_a_photo_is_turned_and_loses_all_it_knows():
    image = Image.new("RGB", (400, 300), "white")
    image.paste("black", (0, 0, 40, 300))  # a black left edge, at the top once turned
    photo = photo_with_everything(image)
    pdf = photos_to_pdf(files(photo))
    (picture,) = pictures(pdf)
    assert picture.size == (300, 400)
    assert picture.getpixel((150, 10))[0] < 40
    assert picture.getpixel((150, 390))[0] > 215
    for secret in (b"MARQUE", b"COMMENTAIRE", b"PROFIL", b"2026:11:22", b"Exif", b"CreationDate"):
        assert secret in photo or secret == b"CreationDate"
        assert secret not in pdf


def test_the_pdf_says_nothing_of_itself_and_is_the_same_each_time():
    photo = corpus.encoded(corpus.page_of_text(300, 400))
    pdf = photos_to_pdf(files(photo))
    assert pdf == photos_to_pdf(files(photo))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert not [value for value in document.docinfo.as_dict().values() if str(value)]


def test_a_large_photo_is_reduced_and_stays_readable():
    image = corpus.page_of_text(3000, 4000)
    (picture,) = pictures(photos_to_pdf(files(corpus.encoded(image, quality=95))))
    assert picture.size == (2480, 3307)
    shrunk = image.resize(picture.size, Image.Resampling.LANCZOS)
    assert max(ImageStat.Stat(ImageChops.difference(picture, shrunk)).rms) < 12


def test_a_lying_photo_keeps_its_page_on_its_side():
    pdf = photos_to_pdf(files(corpus.encoded(corpus.page_of_text(4000, 3000))))
    assert page_sizes(pdf) == [A4_POINTS[::-1]]
    (picture,) = pictures(pdf)
    assert picture.size == (3307, 2480)


def test_a_small_photo_is_not_enlarged():
    (picture,) = pictures(photos_to_pdf(files(corpus.encoded(corpus.page_of_text(300, 400), "PNG"))))
    assert picture.size == (300, 400)


@pytest.mark.parametrize(
    "sample", [name for name, (_, _, seen) in corpus.accepted().items() if seen[0] != "PDF"]
)
def test_every_accepted_photo_is_converted(sample):
    _, content, (_, _, width, height) = corpus.accepted()[sample]
    pdf = photos_to_pdf(files(content))
    assert inspect(io.BytesIO(pdf), "x.pdf").pages == 1
    (picture,) = pictures(pdf)
    assert picture.size == (width, height)
    assert picture.mode in {"L", "RGB"}


def test_what_is_transparent_becomes_white():
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    (picture,) = pictures(photos_to_pdf(files(corpus.encoded(image, "PNG"))))
    assert min(picture.convert("L").getextrema()) > 250


def test_sixteen_bits_keep_their_grey():
    image = Image.new("I;16", (30, 40), 40_000)
    (picture,) = pictures(photos_to_pdf(files(corpus.encoded(image, "PNG"))))
    assert abs(picture.convert("L").getpixel((5, 5)) - 40_000 // 256) < 4


@pytest.mark.parametrize("content", [corpus.pdf(), corpus.png_claiming(100, 100), b"\xff\xd8\xff", b""])
def test_what_cannot_be_drawn_is_refused(content):
    with pytest.raises(RefusedFile):
        photos_to_pdf(files(content))


def test_no_photo_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="at least one"):
        photos_to_pdf([])


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_the_reduced_size_fits_and_keeps_the_shape(width, height):
    new_width, new_height = _size_within((width, height), A4_AT_300_DPI)
    assert max(new_width, new_height) <= max(A4_AT_300_DPI)
    assert min(new_width, new_height) <= min(A4_AT_300_DPI)
    assert new_width <= width
    assert new_height <= height
    if min(new_width, new_height) > 50:
        assert abs(new_width / new_height - width / height) < 0.05 * width / height


# --- advice


@pytest.mark.parametrize("size", [(1240, 1754), (3000, 4000), (4000, 3000)])
def test_a_sharp_photo_brings_no_advice(size):
    judged = blur_score(io.BytesIO(corpus.encoded(corpus.page_of_text(*size), quality=88)))
    assert judged.advice == ""
    assert (judged.width, judged.height) == size


@pytest.mark.parametrize("size", [(1240, 1754), (3000, 4000)])
def test_a_blurred_photo_brings_advice_and_a_lower_score(size):
    scores = []
    for blur in (0, 2, 4, 8):
        image = corpus.page_of_text(*size, blur=blur * max(size) / 2500)
        judged = blur_score(io.BytesIO(corpus.encoded(image, quality=88)))
        scores.append(judged.score)
    assert scores == sorted(scores, reverse=True)
    assert judged.advice.startswith("Cette photo paraît floue")


def test_a_small_photo_brings_advice():
    judged = blur_score(io.BytesIO(corpus.encoded(corpus.page_of_text(500, 700))))
    assert judged.advice.startswith("Cette photo est petite")


def test_a_dark_photo_is_judged_on_its_edges():
    dark = corpus.page_of_text(1240, 1754).point(lambda value: value // 4)
    assert blur_score(io.BytesIO(corpus.encoded(dark, quality=92))).advice == ""
