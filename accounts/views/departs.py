"""Several techniciens leave at once: one page, one reason, one colleague who takes over."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.departures import Charge, charge_of
from accounts.forms.comptes import InactivationForm
from accounts.models import Utilisateur
from accounts.operations.techniciens import inactivate_techniciens
from accounts.permissions import Act, current, membership_required
from accounts.views.gestion import ACCUEIL, LISTE
from portal.errors import DomainError

MOST = 50
"""A page of the list holds 25."""


@membership_required(Act.GERER_TECHNICIENS)
@require_http_methods(["GET", "HEAD", "POST"])
def inactiver_plusieurs(request: HttpRequest) -> HttpResponse:
    """Say what inactivating the ticked accounts does, ask why, do it for all of them."""
    mine = Utilisateur.objects.visible_to(current(request)).techniciens().filter(is_active=True)
    sent = request.POST if request.method == "POST" else request.GET
    ids = [int(value) for value in sent.getlist("compte")[:MOST] if value.isdecimal()]
    chosen = list(mine.filter(pk__in=ids).order_by("nom", "prenom", "pk"))
    if not chosen:
        messages.error(
            request, "Cochez au moins un compte actif, puis «\u00a0Inactiver les comptes cochés\u00a0»."
        )
        return redirect("accounts:techniciens")
    colleagues = mine.filter(active_le__isnull=False).exclude(pk__in=[user.pk for user in chosen])
    posted = request.method == "POST"
    form = InactivationForm(
        request.POST if posted else None, collegues=colleagues.order_by("nom", "prenom", "pk")
    )
    if posted and form.is_valid():
        try:
            number = inactivate_techniciens(
                actor=current(request), techniciens=chosen, motif=form.chosen(), successeur=form.successor()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            said = "Le compte est inactif." if number == 1 else f"{number}\u00a0comptes sont inactifs."
            messages.success(request, f"{said} Les sessions sont fermées.")
            return redirect("accounts:techniciens")
    context = {
        "form": form,
        "comptes": chosen,
        "charge": _total([charge_of(user) for user in chosen]),
        "crumbs": [ACCUEIL, LISTE, ("Inactiver plusieurs comptes", "")],
    }
    return render(
        request, "accounts/gestion/inactiver_plusieurs.html", context, status=422 if posted else 200
    )


def _total(charges: list[Charge]) -> Charge:
    return Charge(
        sum(charge.demandes for charge in charges),
        sum(charge.brouillons for charge in charges),
        sum(charge.suivies for charge in charges),
    )
