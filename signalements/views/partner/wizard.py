"""What the steps of the wizard share: their order, their addresses, what stands around them."""

from typing import Any

from django.urls import reverse

from accounts.memberships import Membership
from signalements.enums import Etape
from signalements.kinds.registry import kind_of
from signalements.kinds.steps import Steps
from signalements.models import Demande
from signalements.views.partner.addresses import crumbs


def step_url(demande: Demande, etape: str) -> str:
    """The address of a step."""
    return reverse("signalements:etape", args=[demande.reference, str(etape)])


def wizard_context(membership: Membership, demande: Demande, steps: Steps, etape: str) -> dict[str, Any]:
    """What every step shows around its form."""
    order = steps.sequence()
    previous = steps.before(etape)
    return {
        "kind": kind_of(demande),
        "demande": demande,
        "caisse": demande.caisse,
        "etape": etape,
        "titres": [steps.titre(step) for step in order],
        "numero": order.index(Etape(etape)) + 1,
        "titre": steps.titre(Etape(etape)),
        "precedente": step_url(demande, previous) if previous else "",
        "crumbs": crumbs(membership, (f"Brouillon {demande.reference}", "")),
    }
