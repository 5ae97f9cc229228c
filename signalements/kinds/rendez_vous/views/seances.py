"""The caisse fixes the dates of a day of permanence."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.errors import DomainError
from portal.ui.text import day_in_words
from signalements.kinds.rendez_vous.models import Seance
from signalements.kinds.rendez_vous.operations.seances import Fixees, fix_for_seance
from signalements.kinds.rendez_vous.views.agenda import handler
from signalements.views.caisse.access import staff_view


@staff_view()
@require_POST
def fixer(request: HttpRequest, pk: int) -> HttpResponse:
    """« Fixer ces rendez-vous »: each grouped demande has its hour, or the reason why not."""
    membership, caisse = handler(request)
    seance = Seance.objects.filter(caisse=caisse, pk=pk).first()
    if seance is None:
        raise Http404
    try:
        done = fix_for_seance(actor=membership, seance_id=pk)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        _say(request, seance, done)
    return redirect("rendez_vous:permanence_caisse", seance.permanence_id)


def _say(request: HttpRequest, seance: Seance, done: Fixees) -> None:
    day = day_in_words(seance.jour, "l j F Y")
    if done.nombre == 1:
        messages.success(request, f"1 rendez-vous est fixé au {day}\u00a0; la structure est prévenue.")
    elif done.nombre:
        messages.success(
            request, f"{done.nombre} rendez-vous sont fixés au {day}\u00a0; la structure est prévenue."
        )
    elif not done.refus:
        messages.info(request, f"Les rendez-vous du {day} étaient déjà fixés.")
    for reference, reason in done.refus.items():
        messages.warning(request, f"{reference}\u00a0: {reason}")
