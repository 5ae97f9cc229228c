"""Giving the outcome of a demande, and reopening it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.memberships import Membership
from signalements.enums import Statut
from signalements.forms.caisse import DecisionForm, ReouvertureForm
from signalements.kinds.registry import kind_of
from signalements.models import Demande
from signalements.operations.decisions import decide, reopen
from signalements.queries.referentiel import motifs_of
from signalements.views.caisse.access import demande_or_404, posted_version, staff_view
from signalements.views.caisse.act_page import act_page, done_or_refused, opened
from signalements.views.guard import guard_counter


@staff_view()
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the outcome; what is typed stays when the decision is refused."""
    membership, demande = opened(request, reference, "decision")
    if request.method != "POST":
        return _decision_page(request, demande, _decision_form(membership, demande, None))
    form = _decision_form(membership, demande, request)

    def act() -> Demande:
        version = posted_version(request)
        return decide(actor=membership, demande_id=demande.pk, decision=form.decision(), version=version)

    done = done_or_refused(request, demande, form, act, "La décision est rendue ; la structure est prévenue.")
    return done or _decision_page(request, demande_or_404(membership, reference), form)


def _decision_form(membership: Membership, demande: Demande, request: HttpRequest | None) -> DecisionForm:
    kind = kind_of(demande)
    motifs = motifs_of(demande.caisse, *kind.motifs.values())
    if request is None:
        return DecisionForm(kind=kind, motifs=motifs)
    return DecisionForm(request.POST, count=guard_counter(membership, demande), kind=kind, motifs=motifs)


def _decision_page(request: HttpRequest, demande: Demande, form: DecisionForm) -> HttpResponse:
    return act_page(
        request,
        demande,
        form,
        "decision",
        "Rendre la décision",
        complement_ouvert=demande.statut == Statut.A_COMPLETER,
        tentatives=demande.contacts.count(),
        tentatives_attendues=kind_of(demande).tentatives,
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
        request, demande, form, act, "La demande est rouverte ; la structure est prévenue."
    )
    return done or _reopening_page(request, demande_or_404(membership, reference), form)


def _reopening_page(request: HttpRequest, demande: Demande, form: ReouvertureForm) -> HttpResponse:
    return act_page(request, demande, form, "rouvrir", "Rouvrir la demande")
