"""The bordereau of a demande (PDF)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import override
from django.views.decorators.http import require_safe

from accounts.permissions import Act, current, membership_required
from documents.pdf import PdfUnavailable, render_pdf
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.ui.brand import current_brand
from signalements.kinds.registry import team_name
from signalements.queries.pieces import files_of
from signalements.views.partner.access import sent_or_404
from signalements.views.partner.detail import person_rows


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def bordereau(request: HttpRequest, reference: str) -> HttpResponse:
    """The proof of sending: reference, dates, person, pièces. 503 with a plain page where PDFs cannot be made."""
    membership = current(request)
    demande = sent_or_404(membership, reference)
    context = {
        "brand": current_brand(),
        "demande": demande,
        "equipe": team_name(demande),
        "auteur": demande.auteur.get_full_name() if demande.auteur else "Compte supprimé",
        "personne": person_rows(demande),
        "fichiers": [fichier for fichier in files_of(demande) if fichier.transmise],
    }
    try:
        with override(demande.caisse.fuseau):
            content = render_pdf("signalements/partner/bordereau.html", context)
    except PdfUnavailable as error:
        return render(
            request,
            "signalements/partner/pdf_indisponible.html",
            {"demande": demande, "error": error},
            status=503,
        )
    record(
        Verbe.TELECHARGEMENT,
        actor=membership,
        caisse_id=demande.caisse_id,
        objet="bordereau",
        objet_id=demande.reference,
    )
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="bordereau-{reference}.pdf"'
    return response
