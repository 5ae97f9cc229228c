"""The filigrane: on every page, upright as the page is seen, readable through, skipped by screen readers."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from documents.filigrane import stamp
from documents.intake.inspect import inspect
from documents.intake.refusals import RefusedFile
from tests.documents.conftest import pdf_bytes

TEXT = "Remis à UDAF des Trois-Vallées – demande EP-251-7K3M2-42 – 22 novembre 2026"


def words(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    found = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return found


@pytest.mark.parametrize("turn", [0, 90, 270])
def test_every_page_says_for_whom_it_is(turn):
    with pikepdf.open(BytesIO(pdf_bytes(3))) as pdf:
        for page in pdf.pages:
            page.Rotate = turn
        source = BytesIO()
        pdf.save(source)
    stamped = stamp(source, TEXT)
    pages = words(stamped)
    assert len(pages) == 3
    for page in pages:
        assert page.count(TEXT) == 2
    inspect(BytesIO(stamped), "a.pdf")


def test_what_cannot_be_read_is_refused():
    with pytest.raises(RefusedFile):
        stamp(BytesIO(b"%PDF-1.4 rien"), TEXT)
