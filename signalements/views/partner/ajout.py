"""« Ajouter une pièce ou un message à cette demande »: instead of a new demande for what is already under way."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.memberships import Membership
from accounts.permissions import Act, current, membership_required
from portal.errors import DomainError
from portal.ui.fields import ErrorLine
from signalements.forms.partner import AjoutForm
from signalements.models import Demande
from signalements.operations.drafts import AlreadySent, delete_draft
from signalements.operations.partner_messages import STATUTS_AVEC_MESSAGES, post_message_partenaire
from signalements.queries.pieces import files_of, waiting
from signalements.views.guard import guard_counter
from signalements.views.partner.access import UNPROCESSABLE, sent_or_404
from signalements.views.partner.addresses import crumbs
from signalements.views.partner.receiving import receive_files

BROUILLON = "brouillon"


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter(request: HttpRequest, reference: str) -> HttpResponse:
    """A message with its files on a demande of the structure; the draft it replaces goes if that is asked."""
    membership = current(request)
    demande = sent_or_404(membership, reference)
    if demande.statut not in STATUTS_AVEC_MESSAGES:
        messages.info(request, "Cette demande est annulée\u00a0: elle ne reçoit plus de message.")
        return redirect("signalements:demande", reference)
    draft = _draft(membership, request.GET.get(BROUILLON, ""))
    errors: list[ErrorLine] = []
    refused: DomainError | None = None
    form = AjoutForm(brouillon=draft)
    if request.method == "POST":
        form = AjoutForm(request.POST, brouillon=draft, count=guard_counter(membership, demande))
        errors = receive_files(request, membership, demande, "message")
        if form.is_valid() and not errors:
            try:
                return _send(request, membership, demande, form, draft)
            except DomainError as error:
                refused = error
    status = UNPROCESSABLE if request.method == "POST" else 200
    context = _context(membership, demande, form, errors, refused, has_errors=status == UNPROCESSABLE)
    return render(request, "signalements/partner/ajouter.html", context, status=status)


def _draft(membership: Membership, reference: str) -> str:
    """The draft this page was opened from, if it is one of the structure's."""
    rows = Demande.objects.brouillons().filter(partenaire=membership.structure, reference=reference)
    return reference if reference and rows.exists() else ""


def _send(
    request: HttpRequest, membership: Membership, demande: Demande, form: AjoutForm, draft: str
) -> HttpResponse:
    message, _ = post_message_partenaire(
        membership=membership,
        reference=demande.reference,
        texte=form.cleaned_data["texte"],
        cle=form.cleaned_data["cle"],
    )
    done = "Le message est envoyé à la caisse."
    if draft and form.cleaned_data.get("supprimer"):
        try:
            delete_draft(membership=membership, reference=draft)
        except (Demande.DoesNotExist, AlreadySent):
            pass
        else:
            done = f"{done} Le brouillon {draft} est supprimé."
    messages.success(request, done)
    return redirect(f"{reverse('signalements:demande', args=[demande.reference])}#message-{message.pk}")


def _context(
    membership: Membership,
    demande: Demande,
    form: AjoutForm,
    errors: list[ErrorLine],
    refused: DomainError | None,
    *,
    has_errors: bool,
) -> dict[str, Any]:
    return {
        "demande": demande,
        "form": form,
        "errors": errors,
        "refused": refused,
        "has_errors": has_errors,
        "upload": reverse("signalements:piece_ajouter", args=[demande.reference, "message"]),
        "joined": waiting(files_of(demande), membership.acteur_id),
        "file_error": next((line.message for line in errors if line.target == "message"), ""),
        "crumbs": crumbs(
            membership,
            (f"Demande {demande.reference}", reverse("signalements:demande", args=[demande.reference])),
            ("Ajouter une pièce ou un message", ""),
        ),
    }
