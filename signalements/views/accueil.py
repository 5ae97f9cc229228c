"""The home of whoever is signed in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.enums import PROFILS_ADMIN
from accounts.memberships import Membership
from accounts.permissions import current
from portal.ui.tables import Column
from signalements.kinds.registry import kinds
from signalements.queries.partner import AFaire, latest, to_do
from signalements.queries.partner_counts import to_do_count
from signalements.views.caisse.journee import journee
from signalements.views.partner.addresses import list_of
from signalements.views.partner.rows import lines_of
from signalements.views.partner.services import cards_of

LATEST_COLUMNS = [
    Column("Référence"),
    Column("Personne"),
    Column("Service"),
    Column("Caisse"),
    Column("Statut"),
    Column("Échéance"),
    Column("Technicien"),
]


@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """`/`: each role's own home."""
    if not request.user.is_authenticated:
        return redirect("accounts:connexion")
    if request.membership is None:  # type: ignore[attr-defined]
        raise PermissionDenied
    membership = current(request)
    if membership.is_technicien:
        return _technicien(request, membership)
    if membership.is_gestionnaire:
        return redirect("accounts:gestion_accueil")
    if membership.profil in PROFILS_ADMIN:
        return redirect("/admin/")
    return journee(request)


def _technicien(request: HttpRequest, membership: Membership) -> HttpResponse:
    count = to_do_count(membership)
    request.a_faire = count  # type: ignore[attr-defined]  # the menu shows it too
    a_faire = to_do(membership) if count else AFaire()
    context = {
        "prenom": membership.user.prenom,
        "structure": membership.structure,
        "a_faire": a_faire,
        "rien": not count,
        "a_reprendre": lines_of(a_faire.a_reprendre),
        "a_completer": lines_of(a_faire.a_completer),
        "non_lus": lines_of(a_faire.non_lus),
        "vieux_brouillons": lines_of(a_faire.brouillons),
        "caisses": [convention.caisse.nom for convention in membership.conventions],
        "services": cards_of(membership),
        "dernieres": lines_of(latest(membership)),
        "liste": list_of(membership),
        "columns": LATEST_COLUMNS,
        "suspendue": membership.structure.suspendu_le is not None,
        "volets": [kind.volet_accueil for kind in reversed(kinds().values()) if kind.volet_accueil],
    }
    for kind in kinds().values():
        if kind.contexte_accueil is not None:
            context |= kind.contexte_accueil(membership)
    return render(request, "signalements/partner/accueil.html", context)
