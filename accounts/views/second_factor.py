"""The second factor: code at sign-in, enrolment, recovery codes."""

from urllib.parse import quote

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login
from django_otp.models import Device

from accounts import queries
from accounts.demo import demo_code_for
from accounts.doors import ask_to_sign_in, safe_next, with_next
from accounts.enums import PROFILS_CAISSE, Profil
from accounts.forms.sign_in import CodeForm, CodeSecoursForm
from accounts.memberships import Membership
from accounts.operations import second_factor as operations
from accounts.stepping_up import note_verification, step_up_required
from accounts.trail import record_account
from accounts.views.key_ceremonies import key_to_sign, site_of
from accounts.views.signed_in import own_membership
from portal.addresses import client_address
from portal.audit.models import Verbe
from portal.errors import DomainError


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Check a code, at sign-in or again before a sensitive act."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    user, target = request.user, safe_next(request, settings.LOGIN_REDIRECT_URL)
    if not queries.has_second_factor(request) and queries.recovery_codes_of(user) is None:
        return HttpResponseRedirect(with_next(reverse("accounts:second_facteur"), target))
    recovery = request.GET.get("secours") == "1" or not queries.has_second_factor(request)
    form = (CodeSecoursForm if recovery else CodeForm)(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                device = operations.check_code(user, form.cleaned_data["code"], recovery=recovery)
            except operations.Wait as wait:
                return _too_many(request, form, wait, recovery, target)
            except DomainError as error:
                journal_refused(request, "code_secours" if recovery else "code")
                form.add_error(error.field, error.message)
            else:
                return verified(request, device, "code_secours" if recovery else "code", target)
    return code_page(request, form, recovery, target, status=status)


def journal_refused(request: HttpRequest, motif: str) -> None:
    """A second factor that was not the right one."""
    record_account(Verbe.CONNEXION_REFUSEE, request.user, motif=motif, address=client_address(request))


def verified(request: HttpRequest, device: Device, acte: str, target: str) -> HttpResponse:
    """The second factor is right: new session key, the device is remembered, and on to the page asked for."""
    request.session.cycle_key()
    otp_login(request, device)
    note_verification(request)
    record_account(Verbe.SECOND_FACTEUR, request.user, acte=acte, address=client_address(request))
    if acte == "code_secours" and queries.has_second_factor(request):
        left = len(queries.recovery_codes_of(request.user).empreintes)
        if left <= 3:
            messages.warning(
                request,
                f"Il vous reste {left} code{'s' if left > 1 else ''} de secours. Créez-en de nouveaux dans "
                "«\u00a0Mon profil\u00a0».",
            )
    return HttpResponseRedirect(target)


def _too_many(
    request: HttpRequest, form: CodeForm, wait: operations.Wait, recovery: bool, target: str
) -> HttpResponse:
    plural = "s" if wait.seconds > 1 else ""
    form.add_error("code", f"Trop d’essais. Attendez {wait.seconds} seconde{plural} avant de recommencer.")
    response = code_page(request, form, recovery, target, status=429)
    response["Retry-After"] = str(wait.seconds)
    return response


def code_page(
    request: HttpRequest,
    form: CodeForm | CodeSecoursForm,
    recovery: bool,
    target: str,
    *,
    status: int = 200,
    key_error: str = "",
) -> HttpResponse:
    """The page of the code, with the button of the passkeys for whoever has some."""
    url = reverse("accounts:code")
    if not queries.has_second_factor(request):
        form.fields["code"].label = "Code de reprise"
    context = {
        "form": form,
        "recovery": recovery,
        "reprise": not queries.has_second_factor(request),
        "application": bool(request.session.appareils),
        "next": target,
        "other_url": with_next(url, target) if recovery else with_next(url, target, secours="1"),
        "help": help_with_second_factor(own_membership(request)),
        "demo_code": "" if recovery else demo_code_for(request.user),
        "key": None if recovery else key_to_sign(request),
        "key_error": key_error,
        "has_errors": bool(form.errors or key_error),
    }
    return render(request, "accounts/code.html", context, status=status)


def help_with_second_factor(membership: Membership | None) -> str:
    """Whom to ask after losing both the telephone and the recovery codes."""
    if membership is None:
        return ""
    if membership.profil == Profil.TECHNICIEN:
        names = queries.gestionnaires_of(membership.partenaire_id)
        if names:
            return f"le gestionnaire de votre structure\u00a0: {' ou '.join(names)}"
        return "le gestionnaire de votre structure"
    if membership.profil == Profil.GESTIONNAIRE:
        return f"votre caisse\u00a0: {membership.partenaire.caisse_referente}"
    return (
        "l’administrateur de votre caisse"
        if membership.profil in PROFILS_CAISSE
        else "un autre administrateur"
    )


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_facteur(request: HttpRequest) -> HttpResponse:
    """Enrol an application: secret, first code, then the recovery codes, shown once.

    Replacing an application that works asks for one of its codes first.
    """
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    if queries.has_second_factor(request):
        return _replace(request)
    return _enrol(request)


@step_up_required
def _replace(request: HttpRequest) -> HttpResponse:
    return _enrol(request)


def _enrol(request: HttpRequest) -> HttpResponse:
    user, target = request.user, safe_next(request, settings.LOGIN_REDIRECT_URL)
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                device, codes = operations.confirm_device(
                    user,
                    form.cleaned_data["code"],
                    session_key=request.session.session_key,
                    address=client_address(request),
                )
            except operations.Wait as wait:
                form.add_error(
                    "code", f"Trop d’essais. Attendez {wait.seconds} secondes avant de recommencer."
                )
            except DomainError as error:
                form.add_error(error.field, error.message)
            else:
                request.session.cycle_key()
                otp_login(request, device)
                note_verification(request)
                return show_codes(request, codes, target)
    device = operations.pending_device(user)
    context = {
        "form": form,
        "next": target,
        "qr": segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=3, light="#fff"),
        "secret": operations.secret_of(device),
        "replacing": bool(request.session.appareils),
        "can_have_keys": not queries.has_second_factor(request) and site_of(request).can_have_keys,
    }
    return render(request, "accounts/second_facteur.html", context, status=status)


@never_cache
@require_http_methods(["POST"])
@step_up_required
def codes_secours(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; the former ones stop working."""
    if not queries.has_second_factor(request):
        return redirect("accounts:second_facteur")
    codes = operations.regenerate_codes(
        request.user, session_key=request.session.session_key, address=client_address(request)
    )
    return show_codes(request, codes, reverse("accounts:profil"))


def show_codes(request: HttpRequest, codes: list[str], target: str) -> HttpResponse:
    """The recovery codes, in this answer only: they are kept nowhere in clear."""
    lines = [
        "Espace Partenaires – codes de secours",
        f"Identifiant\u00a0: {request.user.identifiant}",
        "Chaque code sert une seule fois, à la place du code de votre application.",
        "",
        *codes,
    ]
    context = {
        "codes": codes,
        "next": target,
        "text": "\n".join(codes),
        "download": "data:text/plain;charset=utf-8," + quote("\r\n".join(lines)),
    }
    return render(request, "accounts/codes_secours.html", context)
