"""Signing in through ProConnect, and binding one's account to it. All of it is a 404 while it is switched off."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from accounts.doors import NEXT, safe_next
from accounts.enums import PROFILS_ADMIN
from accounts.forms.proconnect import RelierForm
from accounts.gates import PROVIDER_FACTOR
from accounts.models import Utilisateur
from accounts.operations.proconnect import bind, unbind
from accounts.proconnect import ID_TOKEN, Identity, account_of, identify
from accounts.stepping_up import step_up_required
from accounts.trail import record_account
from accounts.views.passwords import refuse_password
from accounts.views.sign_in import begin_session, refusal
from accounts.views.signed_in import sign_in_required
from portal import clock
from portal.addresses import client_address
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.errors import DomainError
from portal.ui.display import bring_theme

PENDING: Final = "proconnect_a_relier"
GOAL: Final = "proconnect_but"
# Seconds: between leaving for the provider and coming back, then to confirm.
WAIT: Final = 600
UNKNOWN: Final = (
    "Cette identité ProConnect n’ouvre aucun compte. Connectez-vous avec votre identifiant, puis reliez votre compte à "
    "ProConnect dans «\u00a0Mon profil\u00a0»."
)


def switched_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that does not exist while ProConnect is off."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.PROCONNECT:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_safe
@switched_on
def depart(request: HttpRequest) -> HttpResponse:
    """Leave for the provider, to sign in."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(safe_next(request, settings.LOGIN_REDIRECT_URL))
    return _leave(request, "connexion", safe_next(request, settings.LOGIN_REDIRECT_URL))


def _leave(request: HttpRequest, goal: str, target: str) -> HttpResponse:
    """To the provider, with a state, a nonce and a PKCE challenge that the session keeps; one way out at a time."""
    request.session.pop("oidc_states", None)
    response = OIDCAuthenticationRequestView.as_view()(request)
    request.session[GOAL] = {"but": goal, NEXT: target, "le": int(clock.now().timestamp())}
    return response


@never_cache
@require_safe
@switched_on
def retour(request: HttpRequest) -> HttpResponse:
    """Come back from the provider: open the account the identity is bound to, or show what would be bound."""
    goal = request.session.pop(GOAL, {})
    kept = request.session.pop("oidc_states", {}).get(request.GET.get("state", ""))
    late = int(clock.now().timestamp()) - goal.get("le", 0) > WAIT
    binding = goal.get("but") == "relier" and request.user.is_authenticated
    if request.user.is_authenticated and not binding:
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    try:
        if kept is None or late:
            raise DomainError("Le retour de ProConnect n’est plus valable. Recommencez.", code="etat")
        identity = identify(
            request, nonce=kept["nonce"], code_verifier=kept["code_verifier"], with_email=binding
        )
    except DomainError as error:
        return _refused(request, error.message, str(error.code), binding)
    if binding:
        request.session[PENDING] = {
            "emetteur": identity.issuer,
            "sujet": identity.subject,
            "courriel": identity.email,
            "le": int(clock.now().timestamp()),
        }
        return redirect("accounts:proconnect_relier")
    user = account_of(identity)
    if user is None:
        return _refused(request, UNKNOWN, "inconnue", binding)
    return _enter(request, user, identity, goal[NEXT])


def _refused(request: HttpRequest, message: str, motif: str, binding: bool) -> HttpResponse:
    """The sign-in page or the profile, which says why; nothing of the identity is kept."""
    if binding:
        record_account(
            Verbe.CONNEXION_REFUSEE,
            request.user,
            motif=f"proconnect_{motif}",
            address=client_address(request),
        )
        messages.error(request, message)
        return redirect("accounts:profil")
    record(
        Verbe.CONNEXION_REFUSEE,
        objet="compte",
        details={"motif": f"proconnect_{motif}"},
        adresse=client_address(request),
    )
    return refusal(request, message)


def _enter(request: HttpRequest, user: Utilisateur, identity: Identity, target: str) -> HttpResponse:
    """Signed in, as with the password: the gates ask for what remains."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[1])
    begin_session(request)
    request.session[ID_TOKEN] = identity.id_token
    # The administration always asks for a second factor of its own.
    if identity.counts_as_second_factor and user.profil not in PROFILS_ADMIN:
        request.session[PROVIDER_FACTOR] = identity.acr
    record_account(
        Verbe.CONNEXION, user, etape="proconnect", acr=identity.acr[:80], address=client_address(request)
    )
    return bring_theme(HttpResponseRedirect(target), user.theme)


@never_cache
@sensitive_post_parameters("mot_de_passe")
@require_http_methods(["GET", "HEAD", "POST"])
@switched_on
@sign_in_required
@step_up_required
def relier(request: HttpRequest) -> HttpResponse:
    """Leave for the provider from one's profile; back, see which identity it is and confirm with the password."""
    pending = request.session.get(PENDING)
    if pending and int(clock.now().timestamp()) - pending["le"] > WAIT:
        pending = request.session.pop(PENDING) and None
    if pending is None:
        if request.method == "POST":
            return redirect("accounts:proconnect_relier")
        return _leave(request, "relier", reverse("accounts:profil"))
    form = RelierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            bind(
                Utilisateur.objects.get(pk=request.user.pk),
                emetteur=pending["emetteur"],
                sujet=pending["sujet"],
                password=form.cleaned_data["mot_de_passe"],
                address=client_address(request),
            )
        except DomainError as error:
            if ended := refuse_password(request, form, error):
                return ended
        else:
            del request.session[PENDING]
            messages.success(request, "Votre compte est relié à ProConnect.")
            return redirect("accounts:profil")
    context = {"form": form, "courriel": pending["courriel"], "account": request.user}
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/proconnect_relier.html", context, status=status)


@require_POST
@switched_on
@sign_in_required
@step_up_required
def delier(request: HttpRequest) -> HttpResponse:
    """Let the identity open the account no longer."""
    if unbind(request.user, address=client_address(request)):
        messages.success(request, "Votre compte n’est plus relié à ProConnect.")
    else:
        messages.info(request, "Votre compte n’était pas relié à ProConnect.")
    return redirect("accounts:profil")
