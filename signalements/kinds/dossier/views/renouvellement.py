"""« Renouveler ce droit »."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import Act, current, membership_required
from portal.errors import DomainError
from signalements.enums import Statut
from signalements.kinds.dossier.operations.renouvellement import start_renewal
from signalements.models import Demande


@membership_required(Act.FAIRE_DEMANDE)
@require_POST
def renouveler(request: HttpRequest, reference: str) -> HttpResponse:
    """Start the renewal draft, or go back to the one begun."""
    try:
        demande = start_renewal(membership=current(request), reference=reference)
    except Demande.DoesNotExist:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("signalements:demande", reference)
    sent = demande.statut != Statut.BROUILLON
    return redirect("signalements:demande" if sent else "signalements:reprendre", demande.reference)
