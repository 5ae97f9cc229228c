"""Asking for a complément: tick, preview, send; and withdrawing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.memberships import Membership
from accounts.permissions import current
from caisses.enums import ListeMotifs
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.forms.complement import ComplementForm
from signalements.models import Demande
from signalements.operations.complements import request_complement, withdraw_complement
from signalements.queries.chronologie import files_of
from signalements.queries.referentiel import motifs_of, types_pieces_of
from signalements.transitions import TABLE
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
from signalements.views.caisse.traitement import processing_page


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def complement(request: HttpRequest, reference: str) -> HttpResponse:
    """Tick what is missing, see what the structure will read, ask."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    if request.method != "POST":
        record_view(membership, demande, "complement")
        if Statut.A_COMPLETER not in TABLE.targets(demande.statut, membership.role):
            messages.error(request, "Cette demande ne peut pas recevoir de demande de complément.")
            return redirect(task_url(demande))
        return _page(request, membership, demande, _form(membership, demande, None))
    form = _form(membership, demande, request)
    if not form.is_valid():
        return _page(request, membership, demande, form)
    if request.POST.get("action") != "envoyer":
        form.propose_message()
        return _page(request, membership, demande, form, apercu=True)
    try:
        request_complement(
            actor=membership,
            demande_id=demande.pk,
            elements=form.elements(),
            message=form.cleaned_data["message"],
            cle=form.cleaned_data["cle"],
            version=posted_version(request),
        )
    except DomainError as error:
        add_domain_error(form, error)
        return _page(request, membership, demande_or_404(membership, reference), form)
    messages.success(request, "Le complément est demandé ; le délai est suspendu.")
    return redirect(task_url(demande))


def _form(membership: Membership, demande: Demande, request: HttpRequest | None) -> ComplementForm:
    lists: dict[str, Any] = {
        "types": types_pieces_of(demande.caisse, demande.fonction),
        "raisons": motifs_of(demande.caisse, ListeMotifs.COMPLEMENT)[ListeMotifs.COMPLEMENT.value],
    }
    if request is None:
        return ComplementForm(**lists)
    return ComplementForm(request.POST, count=guard_counter(membership, demande), **lists)


def _page(
    request: HttpRequest,
    membership: Membership,
    demande: Demande,
    form: ComplementForm,
    *,
    apercu: bool = False,
) -> HttpResponse:
    context = {
        "crumbs": crumbs(demande, ("Demander un complément", "")),
        "title": "Demander un complément",
        "demande": demande,
        "statut": status_badge(demande),
        "echeance": deadline_badge(demande),
        "form": form,
        "pieces": files_of(demande),
        "apercu": form.elements() if apercu else None,
        "apercu_message": form.cleaned_data.get("message", "") if apercu else "",
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "signalements/caisse/complement.html", context, status=status)


@staff_view()
@require_POST
def retirer_complement(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw the complément in progress."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    try:
        withdraw_complement(actor=membership, demande_id=demande.pk, version=posted_version(request))
    except DomainError as error:
        fresh = demande_or_404(membership, reference)
        return processing_page(request, membership, fresh, error=error.message)
    messages.success(request, "La demande de complément est retirée ; le délai reprend.")
    return redirect(task_url(demande))
