"""The bordereau of a demande (PDF)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.permissions import Act, current, membership_required
from portal.ui.brand import current_brand
from signalements.kinds.registry import kind_of, team_name
from signalements.queries.pieces import files_of
from signalements.views.partner.access import sent_or_404
from signalements.views.partner.detail import person_rows
from signalements.views.partner.papers import paper


@membership_required(Act.SUIVRE_DEMANDES)
@require_safe
def bordereau(request: HttpRequest, reference: str) -> HttpResponse:
    """The proof of sending: reference, dates, person, pièces. 503 with a plain page where PDFs cannot be made."""
    demande = sent_or_404(current(request), reference)
    context = {
        "brand": current_brand(),
        "demande": demande,
        "equipe": team_name(kind_of(demande), demande.caisse, demande.equipe),
        "auteur": demande.auteur.get_full_name() if demande.auteur else "Compte supprimé",
        "personne": person_rows(demande),
        "fichiers": [fichier for fichier in files_of(demande) if fichier.transmise],
    }
    return paper(request, demande, "signalements/partner/bordereau.html", context, objet="bordereau")
