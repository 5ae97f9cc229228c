"""The acts of one click or one text: taking in charge, giving back, note, contact, message."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.memberships import Membership
from accounts.permissions import current
from caisses.enums import MomentModele
from portal.errors import DomainError
from signalements.forms.caisse import ContactForm, KeyedForm, MessageForm, NoteForm
from signalements.models import Demande
from signalements.operations.suivi import add_note, post_message_caisse, record_contact
from signalements.operations.traitement import release, take_charge
from signalements.views.caisse.access import (
    add_domain_error,
    demande_or_404,
    posted_version,
    staff_view,
    task_url,
)
from signalements.views.caisse.modeles import INSERER, count_template, inserted
from signalements.views.caisse.traitement import Formulaires, processing_page
from signalements.views.guard import guard_counter


@staff_view()
@require_POST
def prendre_en_charge(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the demande in charge."""
    return _one_click(request, reference, take_charge, "Vous avez pris cette demande en charge.")


@staff_view()
@require_POST
def rendre(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the demande back to the queue."""
    return _one_click(request, reference, release, "La demande est rendue à la file.")


def _one_click(request: HttpRequest, reference: str, act: Callable[..., Any], done: str) -> HttpResponse:
    membership = current(request)
    demande = demande_or_404(membership, reference)
    try:
        act(actor=membership, demande_id=demande.pk, version=posted_version(request))
    except DomainError as error:
        fresh = demande_or_404(membership, reference)
        return processing_page(request, membership, fresh, error=error.message)
    messages.success(request, done)
    return redirect(task_url(demande))


@staff_view()
@require_POST
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Add an internal note."""

    def act(membership: Membership, demande: Demande, form: NoteForm) -> None:
        data = form.cleaned_data
        add_note(actor=membership, demande_id=demande.pk, texte=data["texte"], cle=data["cle"])

    return _one_form(request, reference, NoteForm, act, "La note interne est ajoutée.", "notes")


@staff_view()
@require_POST
def contact(request: HttpRequest, reference: str) -> HttpResponse:
    """Record an attempt to reach the person."""

    def act(membership: Membership, demande: Demande, form: ContactForm) -> None:
        cle = form.cleaned_data["cle"]
        record_contact(actor=membership, demande_id=demande.pk, tentative=form.tentative(), cle=cle)

    return _one_form(request, reference, ContactForm, act, "Le contact est noté.", "contacts")


@staff_view()
@require_POST
def message(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to the structure."""

    if request.POST.get("action") == INSERER:
        membership = current(request)
        demande = demande_or_404(membership, reference)
        written = MessageForm(request.POST)
        inserted(request, demande, written, "texte", MomentModele.MESSAGE)
        return processing_page(request, membership, demande, Formulaires(message=written))

    def act(membership: Membership, demande: Demande, form: MessageForm) -> None:
        data = form.cleaned_data
        post_message_caisse(actor=membership, demande_id=demande.pk, texte=data["texte"], cle=data["cle"])
        count_template(request)

    return _one_form(request, reference, MessageForm, act, "Votre message est envoyé.", "echanges")


def _one_form(
    request: HttpRequest,
    reference: str,
    form_class: type[KeyedForm],
    act: Callable[[Membership, Demande, Any], None],
    done: str,
    anchor: str,
) -> HttpResponse:
    membership = current(request)
    demande = demande_or_404(membership, reference)
    form = form_class(request.POST, count=guard_counter(membership, demande))
    if form.is_valid():
        try:
            act(membership, demande, form)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, done)
            return redirect(f"{task_url(demande)}#{anchor}")
    fresh = demande_or_404(membership, reference)
    bound = Formulaires(**{form.prefix: form})
    return processing_page(request, membership, fresh, bound)
