"""Taking away the second factor a technicien has lost, and the code that is then given by voice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms.recuperation import RepriseForm
from accounts.models import Utilisateur
from accounts.operations.recuperation import REPRISE_HEURES, reset_second_factor
from accounts.permissions import Act, current, membership_required
from accounts.stepping_up import step_up_required
from portal.errors import DomainError


@never_cache
@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
@step_up_required
def technicien_second_facteur(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what it does, ask that the identity be verified, do it and show the code."""
    membership = current(request)
    user = get_object_or_404(Utilisateur.objects.visible_to(membership).techniciens(), pk=pk)
    back = reverse("accounts:technicien", args=[user.pk])
    form = RepriseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = reset_second_factor(
                actor=membership, compte=user, identite_verifiee=form.cleaned_data["identite_verifiee"]
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return reprise_page(request, user, code, back)
    crumbs = [
        ("Comptes de la structure", reverse("accounts:gestion_accueil")),
        ("Techniciens", reverse("accounts:techniciens")),
        (user.get_full_name(), back),
        ("Second facteur perdu", ""),
    ]
    context = {"form": form, "compte": user, "heures": REPRISE_HEURES, "crumbs": crumbs, "back": back}
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/gestion/second_facteur.html", context, status=status)


def reprise_page(request: HttpRequest, user: Utilisateur, code: str, back: str) -> HttpResponse:
    """The code of a reprise, in this answer only: it is kept nowhere in clear."""
    context = {"compte": user, "code": code, "heures": REPRISE_HEURES, "back": back}
    return render(request, "accounts/code_reprise.html", context)
