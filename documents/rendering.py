"""Pictures of the pages of a pièce, for the viewer: no PDF ever runs in the reader's browser."""

from io import BytesIO
from threading import Lock
from typing import BinaryIO

import pypdfium2
from PIL import Image

from documents.models import Piece
from documents.operations.analysis import open_content

# Wide enough to read a scanned form, light enough to arrive at once.
WIDTH = 1200
TALLEST = 2400
# PDFium is not thread-safe.
_pdfium = Lock()


class PageUnreadable(Exception):
    """The page cannot be drawn: there is no such page, or the file does not open."""


def draw_page(piece: Piece, number: int) -> bytes:
    """The PNG of page `number` (from 1) of a healthy pièce, at most 1200 by 2400 pixels.

    Raises:
        PageUnreadable: there is no such page, or its content cannot be drawn.
        vault.VaultError: the file does not open.
    """
    with open_content(piece) as content:
        image = _draw(content, number)
    out = BytesIO()
    image.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _draw(content: BinaryIO, number: int) -> Image.Image:
    with _pdfium:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise PageUnreadable from error
        try:
            if not 1 <= number <= len(document):
                raise PageUnreadable
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(WIDTH / max(width, 1), TALLEST / max(height, 1))
            return page.render(scale=scale, may_draw_forms=False).to_pil()
        except pypdfium2.PdfiumError as error:
            raise PageUnreadable from error
        finally:
            document.close()
