"""Giving the outcome of a demande, and reopening it."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.memberships import Membership
from accounts.permissions import current
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.forms.caisse import DecisionForm, ReouvertureForm
from signalements.kinds.registry import kind_of
from signalements.kinds.saisine.kind import TENTATIVES
from signalements.models import Demande
from signalements.operations.decisions import decide, reopen
from signalements.queries.referentiel import motifs_of
from signalements.views.caisse.access import (
    UNPROCESSABLE,
    add_domain_error,
    crumbs,
    demande_or_404,
    guard_counter,
    posted_version,
    record_view,
    staff_view,
    task_url,
)
from signalements.views.caisse.lines import deadline_badge, status_badge


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the outcome; what is typed stays when the decision is refused."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    if request.method != "POST":
        record_view(membership, demande, "decision")
        return _decision_page(request, demande, _decision_form(membership, demande, None))
    form = _decision_form(membership, demande, request)
    if form.is_valid():
        try:
            decide(
                actor=membership,
                demande_id=demande.pk,
                decision=form.decision(),
                version=posted_version(request),
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, "La décision est rendue ; la structure est prévenue.")
            return redirect(task_url(demande))
    return _decision_page(request, demande_or_404(membership, reference), form)


def _decision_form(membership: Membership, demande: Demande, request: HttpRequest | None) -> DecisionForm:
    kind = kind_of(demande)
    motifs = motifs_of(demande.caisse, *kind.motifs.values())
    if request is None:
        return DecisionForm(kind=kind, motifs=motifs)
    return DecisionForm(request.POST, count=guard_counter(membership, demande), kind=kind, motifs=motifs)


def _decision_page(request: HttpRequest, demande: Demande, form: DecisionForm) -> HttpResponse:
    extra = {
        "complement_ouvert": demande.statut == Statut.A_COMPLETER,
        "tentatives": demande.contacts.count(),
        "tentatives_attendues": TENTATIVES,
    }
    return _page(request, demande, form, "decision", "Rendre la décision", extra)


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def rouvrir(request: HttpRequest, reference: str) -> HttpResponse:
    """Reopen a decided demande, with a reason."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    if request.method != "POST":
        record_view(membership, demande, "rouvrir")
        return _page(request, demande, ReouvertureForm(), "rouvrir", "Rouvrir la demande")
    form = ReouvertureForm(request.POST, count=guard_counter(membership, demande))
    if form.is_valid():
        try:
            reopen(
                actor=membership,
                demande_id=demande.pk,
                raison=form.cleaned_data["raison"],
                version=posted_version(request),
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, "La demande est rouverte ; la structure est prévenue.")
            return redirect(task_url(demande))
    fresh = demande_or_404(membership, reference)
    return _page(request, fresh, form, "rouvrir", "Rouvrir la demande")


def _page(
    request: HttpRequest,
    demande: Demande,
    form: forms.Form,
    template: str,
    title: str,
    extra: dict[str, object] | None = None,
) -> HttpResponse:
    context = {
        "crumbs": crumbs(demande, (title, "")),
        "title": title,
        "demande": demande,
        "statut": status_badge(demande),
        "echeance": deadline_badge(demande),
        "form": form,
        **(extra or {}),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, f"signalements/caisse/{template}.html", context, status=status)
