"""Sign-in with identifiant and password, and sign-out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.appareils import device_in_words
from accounts.demo import demo_context, demo_initial
from accounts.doors import safe_next, with_next
from accounts.forms.sign_in import ConnexionForm
from accounts.middleware import SEEN
from accounts.proconnect import provider_logout
from accounts.queries import account_named
from accounts.sessions import DEVICE, STARTED
from accounts.trail import record_account
from portal import clock
from portal.addresses import client_address
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.ui.display import bring_theme

WRONG_PAIR = "L’identifiant ou le mot de passe est incorrect."
LOCKED = "Trop d’essais. Réessayez dans 15 minutes ou contactez votre gestionnaire."
ENDINGS = {
    "inactivite": "Votre session a pris fin. Vos brouillons sont conservés.",
    "duree": "Votre session a pris fin. Vos brouillons sont conservés.",
    "deconnexion": "Vous êtes déconnecté.",
}


@never_cache
@sensitive_post_parameters("mot_de_passe")
@require_http_methods(["GET", "HEAD", "POST"])
def connexion(request: HttpRequest) -> HttpResponse:
    """Sign in; the gates then ask for what remains (code, password, conditions)."""
    target = safe_next(request, settings.LOGIN_REDIRECT_URL)
    if request.user.is_authenticated:
        if request.method == "POST":
            messages.info(request, f"Vous êtes déjà connecté avec l’identifiant {request.user.identifiant}.")
        return HttpResponseRedirect(target)
    form = ConnexionForm(request.POST or None, initial=demo_initial(request))
    form.fields["mot_de_passe"].widget.render_value = request.method != "POST"
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    identifiant = form.cleaned_data["identifiant"]
    user = authenticate(request, identifiant=identifiant, password=form.cleaned_data["mot_de_passe"])
    if user is None:
        locked = bool(getattr(request, "axes_locked_out", False))
        _journal_failure(request, identifiant, "verrouillage" if locked else "identifiants")
        form.add_error(None, WRONG_PAIR)
        return _page(request, form, status=422)
    login(request, user)
    begin_session(request)
    record_account(Verbe.CONNEXION, user, etape="mot_de_passe", address=client_address(request))
    return bring_theme(HttpResponseRedirect(target), user.theme)


def begin_session(request: HttpRequest) -> None:
    """Note when the session of somebody who has just signed in begins, and in which browser."""
    now = int(clock.now().timestamp())
    request.session[STARTED] = request.session[SEEN] = now
    request.session[DEVICE] = device_in_words(request.headers.get("User-Agent", ""))


@require_POST
def deconnexion(request: HttpRequest) -> HttpResponse:
    """Sign out: the session dies on the server, and the browser forgets what it kept of the pages."""
    target = after = with_next(reverse("accounts:connexion"), "", fin="deconnexion")
    if request.user.is_authenticated:
        record_account(Verbe.DECONNEXION, request.user, motif="volontaire", address=client_address(request))
        target = provider_logout(request, after)
        logout(request)
    response = HttpResponseRedirect(target)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, str] | None = None
) -> HttpResponse:
    """The answer after too many failures (AXES_LOCKOUT_CALLABLE): known and unknown accounts alike."""
    form = ConnexionForm(request.POST)
    form.is_valid()
    form.add_error(None, LOCKED)
    page = _page(request, form, status=429)
    page["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return page


def refusal(request: HttpRequest, message: str) -> HttpResponse:
    """The sign-in page, which says why another way in was refused."""
    return _page(request, ConnexionForm(), status=403, refus=message)


def _page(request: HttpRequest, form: ConnexionForm, status: int = 200, refus: str = "") -> HttpResponse:
    context = {
        "form": form,
        "next": safe_next(request, ""),
        "refus": refus,
        "proconnect_url": with_next(reverse("accounts:proconnect"), safe_next(request, ""))
        if settings.PROCONNECT
        else "",
        "fin": ENDINGS.get(request.GET.get("fin", ""), ""),
        **demo_context(request),
    }
    return render(request, "accounts/connexion.html", context, status=status)


def _journal_failure(request: HttpRequest, identifiant: str, motif: str) -> None:
    """The same queries for an account that exists and for one that does not."""
    account = account_named(identifiant)
    record(
        Verbe.CONNEXION_REFUSEE,
        acteur_id=account.pk,
        role=account.profil,
        caisse_id=account.caisse_id,
        partenaire_id=account.partenaire_id,
        objet="compte",
        objet_id=account.pk or "",
        details={"motif": motif},
        adresse=client_address(request),
    )
