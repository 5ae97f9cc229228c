"""« Bordereau navette »: choose a period, take the list of the dossiers sent (PDF)."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import override
from django.views.decorators.http import require_safe

from accounts.permissions import Act, current, membership_required
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.pdf import PdfUnavailable, render_pdf
from portal.ui.brand import current_brand
from signalements.fiches import structure_in_words
from signalements.kinds.dossier.enums import TypeDossier
from signalements.kinds.dossier.navette import NavetteForm, reference_codes
from signalements.kinds.dossier.queries import MOST_NAVETTE, navette_rows
from signalements.views.partner.access import UNPROCESSABLE
from signalements.views.partner.addresses import crumbs


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def navette(request: HttpRequest) -> HttpResponse:
    """The form; with a period, the PDF. A period without dossiers says so."""
    membership = current(request)
    asked = "du_jour" in request.GET
    today = clock.today()
    initial = {"du": date(today.year, today.month, 1), "au": today}
    form = NavetteForm(request.GET if asked else None, initial=initial, membership=membership)
    if not asked or not form.is_valid():
        return _page(request, form)
    caisse, first, last, start, end = form.period()
    kind = form.cleaned_data["type"]
    rows = navette_rows(membership, caisse, start, end, kind)
    if not rows:
        form.add_error(None, "Aucun dossier n’a été envoyé sur cette période. Choisissez-en une autre.")
        return _page(request, form)
    if len(rows) > MOST_NAVETTE:
        form.add_error(
            "au",
            f"Cette période compte plus de {MOST_NAVETTE} dossiers. Choisissez une période plus courte, ou un type "
            "de dossier.",
        )
        return _page(request, form)
    context = {
        "brand": current_brand(),
        "structure": membership.structure,
        "caisse": caisse,
        "du": first,
        "au": last,
        "type": TypeDossier(kind).label if kind else "",
        "structure_en_mots": structure_in_words(membership.structure.raison_sociale),
        "lignes": rows,
        "codes": reference_codes([row.reference for row in rows]),
    }
    try:
        with override(caisse.fuseau):
            content = render_pdf("dossier/navette_pdf.html", context)
    except PdfUnavailable:
        form.add_error(None, "Le PDF ne peut pas être produit en ce moment. Réessayez plus tard.")
        return _page(request, form, status=503)
    record(
        Verbe.TELECHARGEMENT,
        actor=membership,
        caisse_id=caisse.pk,
        objet="bordereau_navette",
        objet_id=f"{first.isoformat()}/{last.isoformat()}",
        details={"dossiers": len(rows)},
    )
    response = HttpResponse(content, content_type="application/pdf")
    name = f"bordereau-navette-{caisse.code}-{first.isoformat()}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(request: HttpRequest, form: NavetteForm, status: int = 0) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "crumbs": crumbs(current(request), ("Bordereau navette", "")),
        "action": reverse("dossier:navette"),
    }
    return render(
        request, "dossier/navette.html", context, status=status or (UNPROCESSABLE if form.errors else 200)
    )
