"""The caisse checks the pièces of a dossier."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import current
from caisses.enums import Fonction
from portal.errors import DomainError
from portal.ui.fields import error_lines
from signalements.kinds.dossier.forms_caisse import ControleForm
from signalements.kinds.dossier.operations.controle import check_pieces
from signalements.kinds.dossier.queries import pieces_of
from signalements.views.caisse.access import demande_or_404, staff_view, task_url
from signalements.views.caisse.traitement import processing_page
from signalements.views.guard import guard_counter


@staff_view()
@require_POST
def controler(request: HttpRequest, reference: str) -> HttpResponse:
    """« Enregistrer le contrôle ». A refusal shows the page again with what was typed."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    if demande.fonction != Fonction.DOSSIER:
        raise Http404
    form = ControleForm(request.POST, pieces=pieces_of(demande), count=guard_counter(membership, demande))
    refusal = ""
    if form.is_valid():
        try:
            check_pieces(actor=membership, demande_id=demande.pk, constats=form.constats())
        except DomainError as error:
            refusal = error.message
        else:
            messages.success(request, "Le contrôle des pièces est enregistré.")
            return redirect(f"{task_url(demande)}#controle")
    fresh = demande_or_404(membership, reference)
    fresh.controle_refuse = form  # type: ignore[attr-defined]  # read by the page's context
    return processing_page(
        request, membership, fresh, error=refusal or " ".join(line.message for line in error_lines([form]))
    )
