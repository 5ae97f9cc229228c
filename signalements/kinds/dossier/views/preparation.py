"""The list of what the person brings to file a first AME request herself (PDF)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.permissions import Act, current, membership_required
from caisses.enums import Fonction
from portal.ui.brand import current_brand
from signalements.kinds.dossier.enums import TypeDossier
from signalements.kinds.dossier.queries import regles_of
from signalements.kinds.dossier.steps import DossierSteps
from signalements.kinds.registry import steps_of
from signalements.queries.pieces import files_of
from signalements.views.partner.access import draft_or_404
from signalements.views.partner.papers import paper


@membership_required(Act.FAIRE_DEMANDE)
@require_safe
def preparation(request: HttpRequest, reference: str) -> HttpResponse:
    """The pièces to bring, in plain French; 404 for a draft that is no dossier or says nothing yet."""
    membership = current(request)
    demande = draft_or_404(membership, reference)
    if demande.fonction != Fonction.DOSSIER:
        raise Http404
    steps = steps_of(demande)
    assert isinstance(steps, DossierSteps)  # noqa: S101 the kind's own
    if not steps.type:
        raise Http404
    liste = steps.checklist(files_of(demande))
    liste.is_valid()
    rule = regles_of(demande.caisse).get(steps.type)
    context = {
        "brand": current_brand(),
        "demande": demande,
        "caisse": demande.caisse,
        "droit": TypeDossier(steps.type).label,
        "formulaire": rule.formulaire if rule else "",
        "premiere_ame": steps.type == TypeDossier.AME_PREMIERE,
        "pieces": [
            (row.type_piece.libelle, row.aide or row.type_piece.aide, row.obligatoire, code in liste.present)
            for code, row in liste.attendues.items()
        ],
    }
    return paper(request, demande, "dossier/preparation.html", context, objet="preparation", fichier="pieces")
