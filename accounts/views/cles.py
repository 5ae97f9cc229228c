"""Passkeys: signing in with one, adding, naming and removing one's own."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as otp_login

from accounts import queries
from accounts.appareils import device_in_words
from accounts.doors import ask_to_sign_in, safe_next
from accounts.forms.cles import CleForm
from accounts.forms.sign_in import CodeForm
from accounts.models import CleAcces
from accounts.operations import cles as operations
from accounts.stepping_up import note_verification, step_up_required
from accounts.views.key_ceremonies import answered, key_to_make, site_of
from accounts.views.second_factor import code_page, journal_refused, show_codes, verified
from accounts.views.signed_in import sign_in_required
from portal.addresses import client_address
from portal.errors import DomainError


@never_cache
@require_POST
def code_cle(request: HttpRequest) -> HttpResponse:
    """Check what a passkey signed, at sign-in or again before a sensitive act."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    target = safe_next(request, settings.LOGIN_REDIRECT_URL)
    try:
        key = operations.check_key(request.user, **answered(request))
    except DomainError as error:
        journal_refused(request, "cle")
        if not queries.has_second_factor(request):
            return redirect("accounts:code")
        return code_page(request, CodeForm(), False, target, status=422, key_error=error.message)
    return verified(request, key, "cle", target)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@step_up_required
def cle_ajouter(request: HttpRequest) -> HttpResponse:
    """Make a passkey and give it a name; the first second factor of an account comes with its recovery codes."""
    if not site_of(request).can_have_keys:
        raise Http404
    target = safe_next(request, reverse("accounts:profil"))
    initial = {"nom": device_in_words(request.headers.get("User-Agent", ""))}
    form, status = CleForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                key, codes = operations.register_key(
                    request.user,
                    nom=form.cleaned_data["nom"],
                    session_key=request.session.session_key,
                    address=client_address(request),
                    **answered(request),
                )
            except DomainError as error:
                form.add_error(None, error.message)
            else:
                return _added(request, key, codes, target)
    context = {
        "form": form,
        "key": key_to_make(request),
        "next": target,
        "first": not queries.has_second_factor(request),
    }
    return render(request, "accounts/cle_ajouter.html", context, status=status)


def _added(request: HttpRequest, key: CleAcces, codes: list[str], target: str) -> HttpResponse:
    """Its holder has just used it: it counts as a check of the second factor."""
    request.session.cycle_key()
    otp_login(request, key)
    note_verification(request)
    if codes:
        return show_codes(request, codes, target)
    messages.success(request, "La clé d’accès est enregistrée.")
    return redirect(target)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@step_up_required
def cle(request: HttpRequest, pk: int) -> HttpResponse:
    """A passkey of one's own: another name, or its removal."""
    key = get_object_or_404(CleAcces, pk=pk, user=request.user.pk, confirmed=True)
    removing = request.POST.get("acte") == "retirer"
    form = CleForm(
        request.POST if request.method == "POST" and not removing else None, initial={"nom": key.name}
    )
    error = ""
    if removing:
        try:
            operations.remove_key(
                key, session_key=request.session.session_key, address=client_address(request)
            )
        except DomainError as refusal:
            error = refusal.message
        else:
            messages.success(request, "La clé d’accès est retirée.")
            return redirect("accounts:profil")
    elif form.is_valid():
        operations.rename_key(key, form.cleaned_data["nom"], address=client_address(request))
        messages.success(request, "La clé d’accès porte son nouveau nom.")
        return redirect("accounts:profil")
    context = {"form": form, "cle": key, "error": error, "has_errors": bool(error or form.errors)}
    return render(request, "accounts/cle.html", context, status=422 if request.method == "POST" else 200)
