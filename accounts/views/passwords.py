"""Activation, forgotten password, change of password."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import passwords
from accounts.doors import ask_to_sign_in, safe_next
from accounts.forms.passwords import ChangementMotDePasseForm, NouveauMotDePasseForm
from accounts.forms.sign_in import LienForm
from accounts.models import Utilisateur
from accounts.operations.invitations import request_link
from accounts.operations.passwords import activate_account, change_password, reset_password
from accounts.tokens import LinkTokens, activation_tokens, reset_tokens, user_from_uid
from accounts.views.signed_in import sign_in_required
from portal.addresses import client_address
from portal.errors import DomainError

CHOICE = "choix"
TOKEN_KEY = "lien_{}"  # noqa: S105
WRONG_TRIES = 5
TRIES_KEY = "essais_mot_de_passe"


@never_cache
@sensitive_post_parameters("mot_de_passe", "confirmation")
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest, uid: str, jeton: str) -> HttpResponse:
    """Activate an account from the link of an invitation."""
    return _from_link(request, uid, jeton, "activation", activation_tokens)


@never_cache
@sensitive_post_parameters("mot_de_passe", "confirmation")
@require_http_methods(["GET", "HEAD", "POST"])
def reinitialisation(request: HttpRequest, uid: str, jeton: str) -> HttpResponse:
    """Choose a new password from a reset link; the second factor is still asked at sign-in."""
    return _from_link(request, uid, jeton, "reinitialisation", reset_tokens)


def _from_link(request: HttpRequest, uid: str, token: str, kind: str, tokens: LinkTokens) -> HttpResponse:
    """Opening the link uses nothing up: the token moves to the session, out of the address, until the POST."""
    key, user = TOKEN_KEY.format(kind), user_from_uid(uid)
    if token != CHOICE:
        if user is None or not tokens.check_token(user, token):
            return _dead_link(request, kind)
        request.session[key] = token
        return redirect(f"accounts:{kind}", uid=uid, jeton=CHOICE)
    if user is None or not tokens.check_token(user, request.session.get(key)):
        return _dead_link(request, kind)
    form, status = NouveauMotDePasseForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            act = activate_account if kind == "activation" else reset_password
            try:
                act(user, form.cleaned_data["mot_de_passe"], address=client_address(request))
            except DomainError as error:
                if error.field is None:
                    return _dead_link(request, kind)
                form.add_error(error.field, error.message)
            else:
                logout(request)
                messages.success(request, "Votre mot de passe est enregistré. Connectez-vous.")
                return redirect("accounts:connexion")
    context = {"form": form, "kind": kind, "account": user, **_rules(user)}
    return render(request, "accounts/choix_mot_de_passe.html", context, status=status)


def _dead_link(request: HttpRequest, kind: str) -> HttpResponse:
    """The same page for a link that is used, replaced, too old, or was never one."""
    return render(request, "accounts/lien_perime.html", {"form": LienForm(), "kind": kind}, status=410)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def oubli(request: HttpRequest) -> HttpResponse:
    """Ask for a link: first sign-in or forgotten password. The answer never says whether an account exists."""
    form = LienForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request_link(form.cleaned_data["compte"], address=client_address(request))
        return render(
            request, "accounts/lien_envoye.html", {"minutes": settings.PASSWORD_RESET_TIMEOUT // 60}
        )
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/oubli.html", {"form": form}, status=status)


@never_cache
@sensitive_post_parameters("mot_de_passe_actuel", "mot_de_passe", "confirmation")
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def mot_de_passe(request: HttpRequest) -> HttpResponse:
    """Change one's password: from the profile, or because it is too old."""
    user = Utilisateur.objects.get(pk=request.user.pk)
    form, status = ChangementMotDePasseForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changed = change_password(
                    user,
                    form.cleaned_data["mot_de_passe_actuel"],
                    form.cleaned_data["mot_de_passe"],
                    session_key=request.session.session_key,
                    address=client_address(request),
                )
            except DomainError as error:
                if ended := refuse_password(request, form, error):
                    return ended
            else:
                # A new session key; the second factor of this session stays.
                update_session_auth_hash(request, changed)
                request.session.pop(TRIES_KEY, None)
                messages.success(request, "Votre nouveau mot de passe est enregistré.")
                return HttpResponseRedirect(safe_next(request, reverse("accounts:profil")))
    context = {
        "form": form,
        "next": safe_next(request, reverse("accounts:profil")),
        "expired": passwords.password_expired(user),
        "days": passwords.validity_days(user.profil),
        "account": user,
        **_rules(user),
    }
    return render(request, "accounts/mot_de_passe.html", context, status=status)


def refuse_password(request: HttpRequest, form: forms.Form, error: DomainError) -> HttpResponse | None:
    """Say the refusal in the form; somebody guessing the current password in an open session is signed out instead."""
    if error.code == "mot_de_passe_actuel":
        tries = request.session.get(TRIES_KEY, 0) + 1
        request.session[TRIES_KEY] = tries
        if tries >= WRONG_TRIES:
            logout(request)
            return ask_to_sign_in(request, ended="inactivite")
    form.add_error(error.field, error.message)
    return None


def _rules(user: Utilisateur) -> dict[str, object]:
    return {
        "min_length": passwords.MIN_LENGTH,
        "max_length": passwords.MAX_LENGTH,
        "min_bits": passwords.MIN_BITS,
        "words": " ".join(sorted(passwords.personal_words(user))),
    }
