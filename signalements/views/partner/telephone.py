"""« Photographier avec mon téléphone »: the QR code on the desktop, and the files as they arrive."""

from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, current, membership_required
from portal import clock
from signalements.enums import Etape, Statut
from signalements.models import Demande, DepotTelephone
from signalements.operations.telephone import MOST, TYPE, LienPerime, close_depot, open_depot, place_of
from signalements.queries.pieces import FichierLu, files_of
from signalements.views.partner.access import draft_or_404, own_or_404
from signalements.views.partner.addresses import crumbs
from signalements.views.partner.wizard import step_url


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def telephone(request: HttpRequest, reference: str, place: str) -> HttpResponse:
    """What it does; POST « Afficher le code » makes a new one, shown on this page only."""
    membership = current(request)
    demande = _open_place(membership, reference, place)
    context: dict[str, Any] = {
        "demande": demande,
        "place": place,
        "retour": _back(demande),
        "crumbs": crumbs(
            membership, (f"Demande {reference}", _back(demande)), ("Photographier avec mon téléphone", "")
        ),
    }
    if request.method == "POST":
        depot, token = open_depot(membership=membership, reference=reference, place=place)
        address = request.build_absolute_uri(reverse("signalements:telephone", args=[token]))
        code = segno.make(address, error="m").svg_data_uri(scale=6, border=3, light="#fff")
        context |= {"code": code, "adresse": address, **_received(demande, depot)}
    with override(demande.caisse.fuseau):
        return render(request, "signalements/partner/telephone.html", context)


@membership_required(Act.FAIRE_DEMANDE)
@require_safe
def recus(request: HttpRequest, reference: str, depot: int) -> HttpResponse:
    """The files that have arrived (htmx): nothing (204) while nothing has changed."""
    membership = current(request)
    found = DepotTelephone.objects.filter(
        pk=depot, partenaire=membership.structure, demande__reference=reference, cree_par=membership.user
    ).first()
    if found is None:
        raise Http404
    demande = own_or_404(membership, reference)
    context = {"demande": demande, **_received(demande, found)}
    seen = request.GET.get("vu", "")
    if context["ouvert"] and seen == str(len(context["fichiers"])):
        return HttpResponse(status=204)
    return render(request, "signalements/partner/_telephone_recus.html", context)


@membership_required(Act.FAIRE_DEMANDE)
@require_POST
def terminer(request: HttpRequest, reference: str, depot: int) -> HttpResponse:
    """« J’ai terminé »."""
    membership = current(request)
    demande = own_or_404(membership, reference)
    close_depot(membership=membership, reference=reference, depot_id=depot)
    return redirect(_back(demande))


def _open_place(membership: Membership, reference: str, place: str) -> Demande:
    demande = (
        draft_or_404(membership, reference) if place.startswith(TYPE) else own_or_404(membership, reference)
    )
    try:
        place_of(membership, demande, place)
    except LienPerime:
        raise Http404 from None
    return demande


def _back(demande: Demande) -> str:
    if demande.statut == Statut.BROUILLON:
        return step_url(demande, Etape.PIECES)
    return f"{reverse('signalements:demande', args=[demande.reference])}#complement"


def _received(demande: Demande, depot: DepotTelephone) -> dict[str, Any]:
    files = [fichier for fichier in files_of(demande) if _at(fichier, depot.place)]
    over = depot.clos_le is not None or depot.expire_le <= clock.now() or depot.recus >= MOST
    return {"depot": depot, "fichiers": files, "ouvert": not over}


def _at(fichier: FichierLu, place: str) -> bool:
    return place in (f"type-{fichier.type_code}", f"element-{fichier.element_id}")
