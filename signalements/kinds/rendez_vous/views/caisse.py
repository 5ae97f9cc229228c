"""The caisse's acts on an appointment: proposing dates, fixing one, moving it, saying whether the person came."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.memberships import Membership
from accounts.permissions import current
from caisses.enums import Fonction
from portal.errors import DomainError
from portal.workflow import StaleObject
from signalements.enums import Cote
from signalements.kinds.context import kind_context
from signalements.kinds.rendez_vous.act_forms import DatesForm, FixerForm, ProposerForm, RaisonForm
from signalements.kinds.rendez_vous.operations.agenda import fix_slot
from signalements.kinds.rendez_vous.operations.closing import record_presence
from signalements.kinds.rendez_vous.operations.fixing import fix_date, move_date, propose_dates
from signalements.kinds.rendez_vous.queries import agences_of
from signalements.kinds.rendez_vous.slots import free_slots
from signalements.kinds.rendez_vous.views.files import calendar_file
from signalements.models import Demande
from signalements.queries.agents import staff_of
from signalements.views.caisse.access import demande_or_404, posted_version, staff_view, task_url
from signalements.views.caisse.act_page import act_page, opened
from signalements.views.caisse.traitement import processing_page
from signalements.views.guard import guard_counter

View = Callable[..., HttpResponse]


def appointment_or_404(request: HttpRequest, reference: str, page: str) -> tuple[Membership, Demande]:
    """Who acts, and on which appointment; 404 for a demande of another kind."""
    membership, demande = opened(request, reference, page)
    if demande.fonction != Fonction.RENDEZ_VOUS:
        raise Http404
    return membership, demande


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def proposer(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose one to three dates."""
    membership, demande = appointment_or_404(request, reference, "rendez_vous_proposer")
    form = _dates_form(request, membership, demande, ProposerForm)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            propose_dates(
                actor=membership,
                demande_id=demande.pk,
                dates=form.dates(),
                version=posted_version(request),
            )

        if done := _done(
            request, demande, form, act, "Les dates sont proposées ; la structure est prévenue."
        ):
            return done
    return _page(request, reference, form, "proposer", "Proposer des dates")


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def fixer(request: HttpRequest, reference: str) -> HttpResponse:
    """« Fixer le rendez-vous »: on a published slot, or at another hour told by the person on the telephone."""
    membership, demande = appointment_or_404(request, reference, "rendez_vous_fixer")
    libres = free_slots(demande.caisse, demande.partenaire_id, demande.rendez_vous.motif.code)
    form = _dates_form(request, membership, demande, FixerForm, libres=libres)
    if request.method == "POST" and form.is_valid():
        told = {"commentaire": form.cleaned_data["commentaire"], "version": posted_version(request)}

        def act() -> None:
            if cle := form.cle():
                fix_slot(actor=membership, demande_id=demande.pk, cle=cle, **told)
            else:
                fix_date(actor=membership, demande_id=demande.pk, quand=form.dates()[0], **told)

        if done := _done(
            request, demande, form, act, "Le rendez-vous est fixé\u00a0; la structure est prévenue."
        ):
            return done
    return _page(request, reference, form, "fixer", "Fixer le rendez-vous")


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def reporter(request: HttpRequest, reference: str) -> HttpResponse:
    """Give up the date that is fixed; other ones will be proposed."""
    membership, demande = appointment_or_404(request, reference, "rendez_vous_reporter")
    form = RaisonForm()
    if request.method == "POST":
        form = RaisonForm(request.POST, count=guard_counter(membership, demande))
        if form.is_valid():

            def act() -> None:
                raison, version = form.cleaned_data["raison"], posted_version(request)
                move_date(actor=membership, demande_id=demande.pk, raison=raison, version=version)

            if done := _done(request, demande, form, act, "La date est libérée ; la structure est prévenue."):
                return done
    return _page(request, reference, form, "reporter_caisse", "Reporter le rendez-vous")


@staff_view()
@require_POST
def presence(request: HttpRequest, reference: str) -> HttpResponse:
    """« Rendez-vous honoré », « Rendez-vous non honoré »."""
    membership, demande = appointment_or_404(request, reference, "rendez_vous_presence")
    honore = request.POST.get("presence") == "HONORE"
    if not honore and request.POST.get("presence") != "ABSENT":
        return processing_page(request, membership, demande, error="Choisissez honoré ou non honoré.")
    try:
        record_presence(
            actor=membership, demande_id=demande.pk, honore=honore, version=posted_version(request)
        )
    except DomainError as error:
        return processing_page(
            request, membership, demande_or_404(membership, reference), error=error.message
        )
    messages.success(request, "C’est noté ; la structure est prévenue.")
    return redirect(task_url(demande))


@staff_view()
@require_safe
def fichier(request: HttpRequest, reference: str) -> HttpResponse:
    """The appointment as a file for a calendar."""
    membership, demande = appointment_or_404(request, reference, "rendez_vous_ics")
    if membership.caisse_id != demande.caisse_id:
        raise PermissionDenied
    return calendar_file(demande, Cote.CAISSE)


def _dates_form(
    request: HttpRequest, membership: Membership, demande: Demande, kind: type[DatesForm], **extra: Any
) -> Any:
    posted = request.method == "POST"
    return kind(
        *([request.POST] if posted else []),
        demande=demande,
        rendez_vous=demande.rendez_vous,
        agences=agences_of(demande.caisse),
        agents=[agent for agent in staff_of(demande.caisse) if agent.profil != "conseiller_mas"],
        **({"count": guard_counter(membership, demande)} if posted else {}),
        **extra,
    )


def _done(
    request: HttpRequest, demande: Demande, form: forms.Form, act: Callable[[], None], done: str
) -> HttpResponse | None:
    """Act, say so and go back to the demande; None when it is refused, with the refusal in the form."""
    try:
        act()
    except DomainError as error:
        field = {"jour": "jour_1", "heure": "heure_1", "fin": "duree"}.get(error.field or "", error.field)
        several = isinstance(form, ProposerForm) and field in {"jour_1", "heure_1"}
        form.add_error(None if several or field not in form.fields else field, error.message)
        form.perimee = isinstance(error, StaleObject)  # type: ignore[attr-defined]
        return None
    messages.success(request, done)
    return redirect(task_url(demande))


def _page(request: HttpRequest, reference: str, form: Any, template: str, title: str) -> HttpResponse:
    demande = demande_or_404(current(request), reference)
    extra = kind_context(demande, Cote.CAISSE)
    return act_page(request, demande, form, f"rendez_vous/{template}", title, **extra)
