"""Security, on the side of the structure: tell the caisse at once, read and download the notices (art. 4.1)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.securite import SignalementSecuriteForm
from accounts.models import AvisSecurite
from accounts.operations.avis import document_of
from accounts.operations.signaler import report_misuse
from accounts.permissions import Act, current, membership_required
from accounts.views.gestion import ACCUEIL, crumbs_of, own_technicien
from portal.errors import DomainError
from portal.pdf import PdfUnavailable
from portal.ui.text import moment

LONGEST_LIST = 100


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def signaler(request: HttpRequest, pk: int) -> HttpResponse:
    """« Signaler un vol ou un usage frauduleux »: the account is suspended and the caisse told, at once."""
    user = own_technicien(request, pk)
    form = SignalementSecuriteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            avis = report_misuse(
                actor=current(request),
                technicien=user,
                motif=form.chosen(),
                faits=form.cleaned_data["faits"],
            )
        except DomainError as error:
            form.refuse(error)
        else:
            hour = moment(localtime(avis.le))
            messages.success(
                request,
                f"La caisse est prévenue depuis le {hour}. Le compte est inactif, ses sessions sont fermées.",
            )
            return redirect("accounts:avis")
    context = {"form": form, "compte": user, "crumbs": crumbs_of(user, "Signaler à la caisse")}
    return render(
        request,
        "accounts/gestion/signaler.html",
        context,
        status=422 if request.method == "POST" else 200,
    )


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def avis(request: HttpRequest) -> HttpResponse:
    """The notices between the structure and its caisses, the latest first."""
    rows = (
        AvisSecurite.objects.filter(partenaire=current(request).structure)
        .select_related("caisse")
        .defer("pdf")
    )
    context = {
        "avis": list(rows[:LONGEST_LIST]),
        "colonnes": ["Avis", "Date et heure", "Caisse", "Compte", "Motif", "Document"],
        "crumbs": [ACCUEIL, ("Avis de sécurité", "")],
    }
    return render(request, "accounts/gestion/avis.html", context)


@membership_required(Act.GERER_TECHNICIENS)
@require_safe
def avis_document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The PDF of a notice, journaled."""
    membership = current(request)
    found = get_object_or_404(
        AvisSecurite.objects.select_related("caisse", "partenaire"), pk=pk, partenaire=membership.structure
    )
    try:
        content = document_of(actor=membership, avis=found)
    except PdfUnavailable as error:
        messages.error(request, error.message)
        return redirect("accounts:avis")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="avis-{found.numero}.pdf"'
    return response
