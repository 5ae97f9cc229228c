"""« Relancer la caisse »: the page that says what is late, what was already done, and what will be written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import override
from django.views.decorators.http import require_http_methods

from accounts.permissions import Act, current, membership_required
from portal.errors import DomainError
from signalements.forms.partner import RelanceForm
from signalements.operations.relances import Retard, relancer_caisse, retard_of, text_of, too_soon
from signalements.queries.detail import Ligne, suivi_of
from signalements.queries.pieces import files_of
from signalements.views.guard import guard_counter
from signalements.views.partner.access import UNPROCESSABLE, sent_or_404
from signalements.views.partner.addresses import crumbs


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def relancer(request: HttpRequest, reference: str) -> HttpResponse:
    """The page that asks, and the relance itself; back to the demande, saying why, while it is too early."""
    membership = current(request)
    demande = sent_or_404(membership, reference)
    form = RelanceForm()
    if request.method == "POST":
        form = RelanceForm(request.POST, count=guard_counter(membership, demande))
        if form.is_valid():
            try:
                relancer_caisse(
                    membership=membership,
                    reference=reference,
                    cle=form.cleaned_data["cle"],
                    precision=form.cleaned_data["precision"],
                )
            except DomainError as error:
                messages.error(request, error.message)
            else:
                messages.success(request, "La caisse est relancée. Sa réponse arrivera dans cette demande.")
            return redirect("signalements:demande", reference)
    suivi = suivi_of(demande, files_of(demande))
    retard = retard_of(demande, suivi.relances)
    if retard is None or not retard.possible:
        messages.info(request, _refusal(retard))
        return redirect("signalements:demande", reference)
    context = {
        "demande": demande,
        "retard": retard,
        "texte": text_of(retard),
        "derniere": _last_action(suivi.lignes),
        "form": form,
        "has_errors": request.method == "POST",
        "crumbs": crumbs(
            membership,
            (f"Demande {reference}", reverse("signalements:demande", args=[reference])),
            ("Relancer la caisse", ""),
        ),
    }
    status = UNPROCESSABLE if request.method == "POST" else 200
    with override(demande.caisse.fuseau):
        return render(request, "signalements/partner/relancer.html", context, status=status)


def _refusal(retard: Retard | None) -> str:
    return too_soon(retard) if retard else "Le délai de la caisse n’est pas dépassé."


def _last_action(lignes: list[Ligne]) -> Ligne | None:
    """What happened last, the relances aside."""
    return next((ligne for ligne in reversed(lignes) if not ligne.relance), None)
