"""PDFs the portal produces: accessible (PDF/UA-1), in French, made of one template and nothing fetched."""

from typing import Any

from django.template.loader import render_to_string
from PIL import ImageFile

from portal.errors import DomainError
from portal.ui.brand import current_brand


class PdfUnavailable(DomainError):
    """The machine lacks the library that lays out text (Pango); the rest of the portal works."""


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """The PDF of a template. Its fonts are DejaVu's or the system's sans serif, embedded; no address is fetched.

    Raises:
        PdfUnavailable: Pango is missing. `make doctor` names the command that installs it.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher

        # WeasyPrint lets Pillow read cut-off pictures, for the whole process: the intake must go on refusing them.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    except OSError as error:
        raise PdfUnavailable(
            "Le document PDF ne peut pas être produit pour le moment. Ce qui a été enregistré l’est bien.",
            code="pdf_indisponible",
        ) from error

    class Nothing(URLFetcher):
        """Refuses every address: a document is made of what its template holds."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            raise ValueError("no address is fetched")

    html = HTML(
        string=render_to_string(template, {"brand": current_brand(), **context}),
        url_fetcher=Nothing(),
        base_url=None,
    )
    content: bytes = html.write_pdf(pdf_variant="pdf/ua-1")
    return content
