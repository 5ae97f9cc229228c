"""Confirming the new address of an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.operations.adresses import confirm_address, pending_address
from accounts.tokens import address_tokens, user_from_uid
from portal.addresses import client_address
from portal.errors import DomainError

CHOICE = "confirmation"
TOKEN_KEY = "lien_adresse"  # noqa: S105


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def adresse(request: HttpRequest, uid: str, jeton: str) -> HttpResponse:
    """Confirm the address a link was sent to; opening it uses nothing up, the button does."""
    user = user_from_uid(uid)
    token = jeton if jeton != CHOICE else request.session.get(TOKEN_KEY)
    if user is None or not pending_address(user) or not address_tokens.check_token(user, token):
        return render(request, "accounts/adresse/perime.html", status=410)
    if jeton != CHOICE:
        request.session[TOKEN_KEY] = jeton
        return redirect("accounts:adresse", uid=uid, jeton=CHOICE)
    erreur = ""
    if request.method == "POST":
        try:
            confirm_address(user, str(token), address=client_address(request))
        except DomainError as error:
            if error.code == "lien_perime":
                return render(request, "accounts/adresse/perime.html", status=410)
            erreur = error.message
        else:
            request.session.pop(TOKEN_KEY, None)
            messages.success(request, "Votre nouvelle adresse est confirmée. Elle remplace l’ancienne.")
            return redirect("accounts:profil" if request.user.pk == user.pk else "accounts:connexion")
    context = {"compte": user, "erreur": erreur}
    return render(request, "accounts/adresse/confirmer.html", context, status=422 if erreur else 200)
