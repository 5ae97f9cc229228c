"""Giving the outcome of a demande, and reopening it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from accounts.memberships import Membership
from accounts.permissions import current
from caisses.enums import MomentModele
from portal.errors import DomainError
from signalements.enums import Cote, Statut
from signalements.forms.caisse import DecisionForm, ReouvertureForm
from signalements.forms.decision import decision_form, kept_form, to_keep
from signalements.kinds.registry import kind_of
from signalements.models import DecisionRetenue, Demande
from signalements.operations.decisions import reopen
from signalements.operations.retenue import forget_decision, hold_decision, undo_decision
from signalements.views.caisse.access import demande_or_404, posted_version, staff_view, task_url
from signalements.views.caisse.act_page import act_page, done_or_refused, opened
from signalements.views.caisse.modeles import count_template, inserted, template_context
from signalements.views.caisse.traitement import processing_page
from signalements.views.guard import guard_counter

APERCU = "apercu"


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the outcome, see what the structure will read, decide; what is typed stays when it is refused."""
    membership, demande = opened(request, reference, "decision")
    if request.method != "POST":
        if demande.statut in (Statut.TRAITEE, Statut.ANNULEE):
            messages.error(request, "Cette demande est close\u00a0: elle ne reçoit plus de décision.")
            return redirect(task_url(demande))
        return _decision_page(request, demande, _first_form(membership, demande))
    form = decision_form(demande, request.POST, guard_counter(membership, demande))
    if inserted(request, demande, form, "commentaire", MomentModele.DECISION):
        return _decision_page(request, demande, form)
    if request.POST.get("action") == APERCU and form.is_valid():
        return _decision_page(request, demande, form, form.apercu())

    def act() -> DecisionRetenue | None:
        held = hold_decision(
            actor=membership,
            demande_id=demande.pk,
            decision=form.decision(),
            saisie=to_keep(request.POST),
            version=posted_version(request),
        )
        count_template(request)
        return held

    words = kind_of(demande).mots_decision
    done = done_or_refused(request, demande, form, act, lambda held: words.retenue if held else words.fait)
    return done or _decision_page(request, demande_or_404(membership, reference), form)


def _first_form(membership: Membership, demande: Demande) -> DecisionForm:
    """Empty, or with what this person had decided and that did not leave."""
    kept = demande.decisions_retenues.filter(acteur=membership.user, prend_effet_le__isnull=True).first()
    return kept_form(demande, kept.saisie) if kept else decision_form(demande)


@staff_view()
@require_POST
def annuler_decision(request: HttpRequest, reference: str) -> HttpResponse:
    """« Annuler » while the decision has not left: back to its form, as it was."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    try:
        undo_decision(actor=membership, demande_id=demande.pk)
    except DomainError as error:
        return processing_page(
            request, membership, demande_or_404(membership, reference), error=error.message
        )
    messages.success(request, "La décision n’est pas partie. Votre texte est conservé.")
    return redirect("signalements:decision", reference)


@staff_view()
@require_POST
def oublier_decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Drop what was typed for a decision that did not leave."""
    membership = current(request)
    demande = demande_or_404(membership, reference)
    forget_decision(actor=membership, demande_id=demande.pk)
    messages.success(request, "Le texte de votre décision est effacé.")
    return redirect(task_url(demande))


def _decision_page(
    request: HttpRequest, demande: Demande, form: DecisionForm, apercu: Sequence[tuple[str, object]] = ()
) -> HttpResponse:
    kind = kind_of(demande)
    return act_page(
        request,
        demande,
        form,
        "decision",
        kind.mots_decision.titre,
        complement_ouvert=demande.statut == Statut.A_COMPLETER,
        tentatives=demande.contacts.count(),
        tentatives_attendues=kind.tentatives,
        kind=kind,
        apercu=apercu,
        **(kind.contexte(demande, Cote.CAISSE) if kind.volet_decision else {}),
        **template_context(request, demande, MomentModele.DECISION),
    )


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def rouvrir(request: HttpRequest, reference: str) -> HttpResponse:
    """Reopen a decided demande, with a reason."""
    membership, demande = opened(request, reference, "rouvrir")
    if request.method != "POST":
        return _reopening_page(request, demande, ReouvertureForm())
    form = ReouvertureForm(request.POST, count=guard_counter(membership, demande))

    def act() -> Demande:
        raison, version = form.cleaned_data["raison"], posted_version(request)
        return reopen(actor=membership, demande_id=demande.pk, raison=raison, version=version)

    done = done_or_refused(
        request, demande, form, act, "La demande est rouverte\u00a0; la structure est prévenue."
    )
    return done or _reopening_page(request, demande_or_404(membership, reference), form)


def _reopening_page(request: HttpRequest, demande: Demande, form: ReouvertureForm) -> HttpResponse:
    return act_page(request, demande, form, "rouvrir", "Rouvrir la demande")
