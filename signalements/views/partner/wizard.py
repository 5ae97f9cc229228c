"""What the steps of the wizard share: their order, their addresses, what stands around them."""

from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from accounts.memberships import Membership
from portal.ui.text import moment
from signalements.enums import Etape
from signalements.kinds.registry import kind_of
from signalements.kinds.steps import Steps
from signalements.models import Demande
from signalements.operations.drafts import step_version
from signalements.views.partner.addresses import crumbs


def step_url(demande: Demande, etape: str) -> str:
    """The address of a step."""
    return reverse("signalements:etape", args=[demande.reference, str(etape)])


def _who(membership: Membership, demande: Demande) -> str:
    """Who is in charge of the draft and who saved it last, when a colleague had a hand in it."""
    last, author = demande.brouillon.modifie_par, demande.auteur
    if {account.pk for account in (last, author) if account is not None} <= {membership.acteur_id}:
        return ""
    begun = f"Brouillon commencé par {author.get_full_name()}. " if author else ""
    if last is None:
        return begun.strip()
    when = moment(demande.modifiee_le.astimezone(ZoneInfo(demande.caisse.fuseau)))
    saver = "vous" if last.pk == membership.acteur_id else last.get_full_name()
    return f"{begun}Dernier enregistrement par {saver}, le {when}."


def wizard_context(membership: Membership, demande: Demande, steps: Steps, etape: str) -> dict[str, Any]:
    """What every step shows around its form."""
    order = steps.annoncees()
    previous = steps.before(etape)
    return {
        "kind": kind_of(demande),
        "demande": demande,
        "caisse": demande.caisse,
        "etape": etape,
        "titres": [steps.titre(step) for step in order],
        "titre_suivant": steps.titre(steps.after(etape)) if etape != order[-1] else "",
        "numero": order.index(Etape(etape)) + 1,
        "titre": steps.titre(Etape(etape)),
        "etape_doublon": str(steps.etape_doublon),
        "precedente": step_url(demande, previous) if previous else "",
        "version_etape": step_version(demande.brouillon, etape),
        "qui": _who(membership, demande),
        "crumbs": crumbs(membership, (f"Brouillon {demande.reference}", "")),
    }
