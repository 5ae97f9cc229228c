"""Security, on the side of the structure: tell the caisse at once, read and download the notices (art. 4.1)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Profil
from accounts.forms.securite import SignalementSecuriteForm
from accounts.models import AvisSecurite, Utilisateur
from accounts.operations.avis import document_of
from accounts.operations.signaler import report_misuse
from accounts.permissions import Act, current, membership_required
from accounts.views.gestion import ACCUEIL, crumbs_of, own_technicien
from accounts.views.gestionnaires import LISTE, own_gestionnaire
from portal.errors import DomainError
from portal.pdf import PdfUnavailable
from portal.ui.text import moment

LONGEST_LIST = 100
INACTIF = "Le compte est inactif, ses sessions sont fermées."


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def signaler(request: HttpRequest, pk: int) -> HttpResponse:
    """« Signaler un vol ou un usage frauduleux »: the account is suspended and the caisse told, at once."""
    user = own_technicien(request, pk)
    back = reverse("accounts:technicien", args=[user.pk])
    return _report(request, user, back, crumbs_of(user, "Signaler à la caisse"))


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def signaler_gestionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    """The same of a gestionnaire, oneself included: the caisse, told at once, closes the account."""
    user = own_gestionnaire(request, pk)
    crumbs = [ACCUEIL, LISTE, ("Signaler à la caisse", "")]
    return _report(request, user, reverse("accounts:gestionnaires"), crumbs)


def _report(request: HttpRequest, user: Utilisateur, back: str, crumbs: list[Any]) -> HttpResponse:
    form = SignalementSecuriteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            avis = report_misuse(
                actor=current(request), compte=user, motif=form.chosen(), faits=form.cleaned_data["faits"]
            )
        except DomainError as error:
            form.refuse(error)
        else:
            hour = moment(localtime(avis.le))
            done = "Elle ferme le compte." if user.profil == Profil.GESTIONNAIRE else INACTIF
            messages.success(request, f"La caisse est prévenue depuis le {hour}. {done}")
            return redirect("accounts:avis")
    context = {"form": form, "compte": user, "back": back, "crumbs": crumbs}
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/gestion/signaler.html", context, status=status)


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
