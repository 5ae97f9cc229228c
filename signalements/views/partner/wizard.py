"""What the steps of the wizard share: their order, their addresses, what stands around them."""

from typing import Any

from django.urls import reverse

from accounts.memberships import Membership
from signalements.enums import Etape
from signalements.models import Demande
from signalements.views.partner.addresses import crumbs

NEXT = {Etape.PERSONNE: Etape.SITUATION, Etape.SITUATION: Etape.PIECES, Etape.PIECES: Etape.VERIFICATION}
PREVIOUS = {following: step for step, following in NEXT.items()}


def step_url(demande: Demande, etape: str) -> str:
    """The address of a step."""
    return reverse("signalements:etape", args=[demande.reference, str(etape)])


def wizard_context(membership: Membership, demande: Demande, etape: str) -> dict[str, Any]:
    """What every step shows around its form."""
    place = [step.value for step in Etape].index(etape) + 1
    previous = PREVIOUS.get(Etape(etape))
    return {
        "demande": demande,
        "caisse": demande.caisse,
        "etape": etape,
        "titres": Etape.labels,
        "numero": place,
        "titre": Etape(etape).label,
        "precedente": step_url(demande, previous) if previous else "",
        "crumbs": crumbs(membership, (f"Brouillon {demande.reference}", "")),
    }
