"""The sheet for the person (PDF, A5, one page): what was sent, what comes next, whom to call."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.permissions import Act, current, membership_required
from portal.ui.brand import current_brand
from portal.validators import readable_phone
from signalements.clocks import due_day
from signalements.fiches import structure_in_words
from signalements.kinds.registry import kind_of
from signalements.models import Demande
from signalements.views.partner.access import sent_or_404
from signalements.views.partner.papers import paper

NUMERO_NATIONAL = "36 46"


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def fiche(request: HttpRequest, reference: str) -> HttpResponse:
    """« Fiche pour la personne ». 503 with a plain page where PDFs cannot be made, 404 for a demande about nobody."""
    demande = sent_or_404(current(request), reference)
    if not hasattr(demande, "personne"):
        raise Http404
    return paper(
        request,
        demande,
        "signalements/partner/fiche.html",
        fiche_context(demande),
        objet="fiche",
        disposition="inline",
    )


def fiche_context(demande: Demande) -> dict[str, Any]:
    """What the sheet says; `demande` is read with its envelope."""
    auteur = demande.auteur
    telephone = demande.partenaire.telephone or (auteur.telephone if auteur and auteur.is_active else "")
    return {
        "brand": current_brand(),
        "demande": demande,
        "caisse": demande.caisse,
        "structure": demande.partenaire,
        "structure_en_mots": structure_in_words(demande.partenaire.raison_sociale),
        "mots": kind_of(demande).fiche,
        "due": due_day(demande),
        "telephone_structure": readable_phone(telephone),
        "telephone_caisse": readable_phone(demande.caisse.support_telephone) or NUMERO_NATIONAL,
    }
