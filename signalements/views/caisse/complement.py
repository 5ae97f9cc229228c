"""Asking for a complément: tick, preview, send; and withdrawing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.memberships import Membership
from accounts.permissions import current
from caisses.enums import MomentModele
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.forms.complement import ComplementForm
from signalements.kinds.registry import kind_of
from signalements.models import Complement, Demande
from signalements.operations.complements import request_complement, withdraw_complement
from signalements.queries.chronologie import files_of
from signalements.queries.referentiel import motifs_of, types_pieces_of
from signalements.transitions import TABLE
from signalements.views.caisse.access import demande_or_404, posted_version, staff_view, task_url
from signalements.views.caisse.act_page import act_page, done_or_refused, opened
from signalements.views.caisse.modeles import count_template, inserted, template_context
from signalements.views.caisse.traitement import processing_page
from signalements.views.guard import guard_counter


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def complement(request: HttpRequest, reference: str) -> HttpResponse:
    """Tick what is missing, see what the structure will read, ask."""
    membership, demande = opened(request, reference, "complement")
    if request.method != "POST":
        if Statut.A_COMPLETER not in TABLE.targets(demande.statut, membership.role):
            messages.error(request, "Cette demande ne peut pas recevoir de demande de complément.")
            return redirect(task_url(demande))
        return _page(request, demande, _form(membership, demande, None))
    form = _form(membership, demande, request)
    if inserted(request, demande, form, "message", MomentModele.COMPLEMENT, form.ticked()):
        return _page(request, demande, form)
    if form.is_valid() and request.POST.get("action") != "envoyer":
        form.propose_message()
        return _page(request, demande, form, apercu=True)

    def act() -> Complement:
        asked = request_complement(
            actor=membership,
            demande_id=demande.pk,
            elements=form.elements(),
            message=form.cleaned_data["message"],
            cle=form.cleaned_data["cle"],
            version=posted_version(request),
        )
        count_template(request)
        return asked

    done = done_or_refused(request, demande, form, act, kind_of(demande).complement.fait)
    return done or _page(request, demande_or_404(membership, reference), form)


def _form(membership: Membership, demande: Demande, request: HttpRequest | None) -> ComplementForm:
    words = kind_of(demande).complement
    raisons = motifs_of(demande.caisse, words.liste)[words.liste.value]
    if words.propose is None:
        types, ticked = types_pieces_of(demande.caisse, demande.fonction), {}
    else:
        types, ticked = words.propose(demande, raisons)
    lists: dict[str, Any] = {"types": types, "raisons": raisons}
    if request is None:
        return ComplementForm(initial=ticked, **lists)
    return ComplementForm(request.POST, count=guard_counter(membership, demande), **lists)


def _page(
    request: HttpRequest, demande: Demande, form: ComplementForm, *, apercu: bool = False
) -> HttpResponse:
    return act_page(
        request,
        demande,
        form,
        "complement",
        kind_of(demande).complement.titre,
        mots=kind_of(demande).complement,
        pieces=files_of(demande),
        **template_context(request, demande, MomentModele.COMPLEMENT),
        apercu=form.elements() if apercu else None,
        apercu_message=form.cleaned_data.get("message", "") if apercu else "",
    )


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
    messages.success(request, "La demande de complément est retirée\u00a0; le délai reprend.")
    return redirect(task_url(demande))
