"""« Nouvelle demande pour la même personne »: a draft whose first step is filled in from a demande that was sent."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import Act, current, membership_required
from portal.audit.journal import record
from portal.audit.models import Verbe
from signalements.enums import Etape
from signalements.forms.personne import typed_personne
from signalements.operations.drafts import create_draft
from signalements.views.partner.access import sent_or_404
from signalements.views.partner.addresses import crumbs
from signalements.views.partner.services import services_of
from signalements.views.partner.steps import creation_key, service_or_404, to_draft


@membership_required(Act.FAIRE_DEMANDE)
@require_http_methods(["GET", "HEAD", "POST"])
def meme_personne(request: HttpRequest, reference: str) -> HttpResponse:
    """The services to choose from; POST starts the draft. Its person is that of this demande and no other's."""
    membership = current(request)
    demande = sent_or_404(membership, reference)
    if not hasattr(demande, "personne"):
        # A general question is about nobody.
        raise Http404
    personne = demande.personne
    if request.method == "POST":
        kind, convention = service_or_404(
            membership, request.POST.get("service", ""), request.POST.get("caisse", "")
        )
        draft = create_draft(
            membership=membership,
            caisse_id=convention.caisse_id,
            fonction=kind.fonction,
            cle=creation_key(request),
            etape=kind.steps.premiere,
            donnees={Etape.PERSONNE.value: typed_personne(personne)},
        )
        record(
            Verbe.CONSULTATION,
            actor=membership,
            caisse_id=demande.caisse_id,
            objet="demande",
            objet_id=demande.reference,
            details={"acte": "meme_personne"},
        )
        return to_draft(draft)
    context = {
        "demande": demande,
        "personne": personne,
        "caisses": sorted(services_of(membership), key=lambda bloc: bloc.caisse.pk != demande.caisse_id),
        "cle_creation": uuid.uuid4(),
        "crumbs": crumbs(
            membership,
            (f"Demande {reference}", reverse("signalements:demande", args=[reference])),
            ("Nouvelle demande", ""),
        ),
    }
    return render(request, "signalements/partner/meme_personne.html", context)
