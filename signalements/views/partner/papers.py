"""The PDFs a structure takes of a demande: drawn, journaled, given."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import override

from accounts.permissions import current
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.pdf import PdfUnavailable, render_pdf
from signalements.models import Demande


def paper(
    request: HttpRequest,
    demande: Demande,
    template: str,
    context: Mapping[str, Any],
    *,
    objet: str,
    fichier: str = "",
    disposition: str = "attachment",
) -> HttpResponse:
    """The PDF of a template, dated where the caisse is; a plain page with a 503 where PDFs cannot be made.

    `objet` is its name in the journal and, unless `fichier` says otherwise, the beginning of the file's name.
    """
    try:
        with override(demande.caisse.fuseau):
            content = render_pdf(template, dict(context))
    except PdfUnavailable as error:
        return render(
            request,
            "signalements/partner/pdf_indisponible.html",
            {"demande": demande, "error": error},
            status=503,
        )
    record(
        Verbe.TELECHARGEMENT,
        actor=current(request),
        caisse_id=demande.caisse_id,
        objet=objet,
        objet_id=demande.reference,
    )
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{fichier or objet}-{demande.reference}.pdf"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response
