"""The page where the caisse prepares the document it gives."""

import uuid
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.memberships import Membership
from accounts.permissions import current
from caisses.enums import Fonction
from portal.errors import DomainError
from signalements.enums import STATUTS_OUVERTS, Cote
from signalements.kinds.document.operations import add_document, produce_document, withdraw_document
from signalements.kinds.document.page_forms import FichierForm, ProductionForm
from signalements.kinds.document.reading import context as read_context
from signalements.models import Demande
from signalements.views.caisse.access import (
    UNPROCESSABLE,
    add_domain_error,
    crumbs,
    demande_or_404,
    record_view,
    staff_view,
)
from signalements.views.guard import guard_counter


def _opened(request: HttpRequest, reference: str) -> tuple[Membership, Demande]:
    """Who prepares, and for which document request; another kind of demande is a 404."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    if demande.fonction != Fonction.DOCUMENT:
        raise Http404
    return membership, demande


@staff_view()
@require_safe
def preparer(request: HttpRequest, reference: str) -> HttpResponse:
    """What is ready, and the two ways to make more; why not, when the structure may receive nothing."""
    membership, demande = _opened(request, reference)
    record_view(membership, demande, "document")
    return _page(request, demande, FichierForm(), ProductionForm())


@staff_view()
@require_POST
def ajouter(request: HttpRequest, reference: str) -> HttpResponse:
    """« Ajouter ce fichier »."""
    membership, demande = _opened(request, reference)
    form = FichierForm(request.POST, request.FILES)

    def act() -> object:
        data = form.cleaned_data
        return add_document(actor=membership, demande_id=demande.pk, fichier=data["fichier"], cle=data["cle"])

    done = _done(request, demande, form, act, "Le fichier est ajouté. Il est remis avec la décision.")
    return done or _page(request, demande, form, ProductionForm())


@staff_view()
@require_POST
def produire(request: HttpRequest, reference: str) -> HttpResponse:
    """« Produire le document »."""
    membership, demande = _opened(request, reference)
    form = ProductionForm(request.POST, count=guard_counter(membership, demande))

    def act() -> object:
        data = form.cleaned_data
        return produce_document(actor=membership, demande_id=demande.pk, texte=data["texte"], cle=data["cle"])

    done = _done(request, demande, form, act, "Le document est produit. Il est remis avec la décision.")
    return done or _page(request, demande, FichierForm(), form)


@staff_view()
@require_POST
def retirer(request: HttpRequest, reference: str, piece: uuid.UUID) -> HttpResponse:
    """« Retirer » a document that was not given."""
    membership, demande = _opened(request, reference)
    try:
        withdraw_document(actor=membership, demande_id=demande.pk, piece_id=piece)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Le document est retiré.")
    return redirect("document:preparer", reference)


def _done(
    request: HttpRequest, demande: Demande, form: forms.Form, act: Callable[[], object], said: str
) -> HttpResponse | None:
    """Act and go back to the page; None when it is refused, with the refusal in the form."""
    if not form.is_valid():
        return None
    try:
        act()
    except DomainError as error:
        error.field = "fichier" if "fichier" in form.fields else error.field
        add_domain_error(form, error)
        return None
    messages.success(request, said)
    return redirect("document:preparer", demande.reference)


def _page(
    request: HttpRequest, demande: Demande, fichier_form: FichierForm, production_form: ProductionForm
) -> HttpResponse:
    entree = demande.document.entree
    context = {
        "demande": demande,
        "entree": entree,
        "ouverte": demande.statut in STATUTS_OUVERTS,
        "fichier_form": fichier_form,
        "production_form": production_form if entree.modele else None,
        "decision_url": reverse("signalements:decision", args=[demande.reference]),
        "crumbs": crumbs(demande, ("Préparer le document", "")),
        **read_context(demande, Cote.CAISSE),
    }
    refused = bool(fichier_form.errors or production_form.errors)
    context["has_errors"] = refused
    return render(request, "document/preparer.html", context, status=UNPROCESSABLE if refused else 200)
