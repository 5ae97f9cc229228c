"""The private address of one's appointments: its page, and what answers there."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.memberships import Membership
from accounts.permissions import Act, can, current
from accounts.views.signed_in import sign_in_required
from caisses.enums import Fonction
from signalements.kinds.rendez_vous.enums import PorteeFlux
from signalements.kinds.rendez_vous.models import FluxAgenda
from signalements.kinds.rendez_vous.operations.flux import (
    TooManyReads,
    create_feed,
    read_feed,
    revoke_feed,
)
from signalements.kinds.rendez_vous.views.files import ICS


class FluxForm(forms.Form):
    """Which appointments the calendar reads."""

    portee = forms.ChoiceField(
        label="Rendez-vous à suivre",
        choices=PorteeFlux.choices,
        widget=forms.RadioSelect,
        initial=PorteeFlux.MIENS,
    )


def _reader(request: HttpRequest) -> Membership:
    """Whoever has appointments; 403 for the others."""
    membership = current(request)
    if membership.is_technicien and membership.caisses_avec(Fonction.RENDEZ_VOUS):
        return membership
    if can(membership, Act.TRAITER_DEMANDE, fonction=Fonction.RENDEZ_VOUS):
        return membership
    raise PermissionDenied


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def mon_agenda(request: HttpRequest) -> HttpResponse:
    """Make, replace or revoke the address. Its secret is shown once, on the answer that makes it."""
    membership = _reader(request)
    form = FluxForm(initial={"portee": PorteeFlux.MIENS})
    adresse = ""
    if request.method == "POST" and request.POST.get("acte") == "revoquer":
        revoke_feed(membership=membership)
        messages.success(request, "L’adresse ne répond plus.")
        return redirect("rendez_vous:mon_agenda")
    if request.method == "POST":
        form = FluxForm(request.POST)
        if membership.caisse_id is not None:
            form.data = {"portee": PorteeFlux.MIENS}
        if form.is_valid():
            jeton = create_feed(membership=membership, portee=form.cleaned_data["portee"])
            adresse = f"{settings.SITE_URL}{reverse('rendez_vous:flux', args=[jeton])}"
    context = {
        "form": form if membership.is_technicien else None,
        "adresse": adresse,
        "webcal": adresse.replace("https://", "webcal://").replace("http://", "webcal://"),
        "flux": FluxAgenda.objects.filter(utilisateur=membership.user).first(),
        "crumbs": [("Mon profil", reverse("accounts:profil")), ("Mon agenda", "")],
    }
    return render(request, "rendez_vous/mon_agenda.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def flux(request: HttpRequest, jeton: str) -> HttpResponse:
    """The calendar of a private address, for whoever holds it: references, forms, hours."""
    try:
        found = read_feed(jeton)
    except TooManyReads:
        answer = HttpResponse("Trop de lectures.", status=429, content_type="text/plain; charset=utf-8")
        answer["Retry-After"] = "3600"
        return answer
    if found is None:
        raise Http404
    response = HttpResponse(found, content_type=ICS)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
