"""The filigrane of a document given to a structure: for whom, in which démarche, when, on every page."""

from decimal import Decimal
from io import BytesIO
from typing import BinaryIO

import pikepdf

from documents.intake.refusals import Refusal, RefusedFile

_SIZE = 7.5
_LARGE = 26
_MARGIN = 12
_ACROSS = 0.87
# Helvetica's letters are about half as wide as they are tall.
_WIDTH = 0.5
_PALE = Decimal("0.1")


def stamp(content: BinaryIO, text: str) -> bytes:
    """The PDF with `text` across each page, pale enough to read through, and at its foot; screen readers skip it.

    Raises:
        RefusedFile: the PDF cannot be rewritten.
    """
    content.seek(0)
    out = BytesIO()
    try:
        with pikepdf.open(content) as pdf, pikepdf.new() as overlay:
            for page in pdf.pages:
                left, bottom, right, top = (float(side) for side in page.trimbox)
                width, height = right - left, top - bottom
                if int(page.obj.get("/Rotate", 0)) % 180:
                    width, height = height, width
                overlay.add_blank_page(page_size=(width, height))
                mark = overlay.pages[-1]
                mark.obj.Resources = _resources(overlay)
                mark.obj.Contents = overlay.make_stream(_drawing(text, width, height))
                page.add_overlay(mark, None)
            pdf.save(out)
    except (pikepdf.PdfError, ValueError, TypeError) as error:
        raise RefusedFile(Refusal.DAMAGED) from error
    return out.getvalue()


def _resources(pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    pale = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=_PALE, CA=_PALE)
    return pikepdf.Dictionary(
        Font=pikepdf.Dictionary(EPF=pdf.make_indirect(font)), ExtGState=pikepdf.Dictionary(EPG=pale)
    )


def _drawing(text: str, width: float, height: float) -> bytes:
    """The marks of one page as it is seen: the pale line along the diagonal, then the foot."""
    shown = f"<{text.encode('cp1252', 'replace').hex()}>"
    foot = min(_SIZE, (width - 2 * _MARGIN) / (len(text) * _WIDTH))
    diagonal = (width**2 + height**2) ** 0.5
    large = min(_LARGE, _ACROSS * diagonal / (len(text) * _WIDTH))
    cos, sin = width / diagonal, height / diagonal
    start = (1 - _ACROSS) / 2
    return (
        "/Artifact BMC q /EPG gs\n"
        f"BT 0 g /EPF {large:.2f} Tf {cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} "
        f"{start * width:.2f} {start * height:.2f} Tm {shown} Tj ET\n"
        "Q q\n"
        f"BT 0.35 g /EPF {foot:.2f} Tf {_MARGIN} {_MARGIN} Td {shown} Tj ET\n"
        "Q EMC\n"
    ).encode("ascii")
