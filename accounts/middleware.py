"""Middleware of the signed-in: the limits of the session, the membership and its transaction, the gates."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.middleware import OTPMiddleware
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.doors import ask_to_sign_in, page_of, send_to, with_next
from accounts.gates import pending_gate
from accounts.memberships import Membership, membership_of
from accounts.models import CleAcces
from accounts.sessions import RESOLVING, STARTED
from accounts.stepping_up import admin_needs_code, ask_for_code
from accounts.trail import caisse_of, record_account
from portal import clock
from portal.addresses import client_address
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.routes import address_of
from portal.tenancy import scope

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]

# The last activity is written at most this often; the idle limit allows for it.
WRITE_EVERY = 60
SEEN = "derniere_activite"

# Reachable by anybody signed in, whatever remains to be settled.
FREE_ROUTES = frozenset(
    {
        "accounts:connexion",
        "accounts:deconnexion",
        "accounts:prolonger",
        "accounts:activation",
        "accounts:reinitialisation",
        "accounts:oubli",
        "accounts:adresse",
        "accounts:habilitation_demander",
        "accounts:habilitation",
        "accessibilite",
        "plan-du-site",
        "mentions-legales",
        "donnees-personnelles",
        "affichage",
    }
)
FREE_PATHS = ("/etat/", "/static/")


# The second factors that were read with the session: the model, and where the session has their numbers.
READ_WITH_SESSION: dict[str, tuple[type[Device], str]] = {
    TOTPDevice.model_label(): (TOTPDevice, "appareils"),
    CleAcces.model_label(): (CleAcces, "cles"),
}


class AccountMiddleware(AuthenticationMiddleware):
    """Django's own, with the account the session was read with: no statement of its own."""

    def process_request(self, request: HttpRequest) -> None:
        """Give the request its account, looked for when it is first asked."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _account_of(request))  # type: ignore[assignment]


def _account_of(request: HttpRequest) -> Any:
    token = RESOLVING.set(request.session)  # type: ignore[arg-type]  # our engine
    try:
        return get_user(request)
    finally:
        RESOLVING.reset(token)


class SecondFactorMiddleware(OTPMiddleware):
    """django-otp's middleware: `request.user.is_verified()`; TOTP devices and passkeys were read with the session.

    Whatever else the page asks of such a device is read when it is asked.
    """

    def _verify_user_sync(self, request: HttpRequest, user: Any) -> Any:
        label, _, number = request.session.get(DEVICE_ID_SESSION_KEY, "").partition("/")
        model, numbers = READ_WITH_SESSION.get(label, (None, ""))
        held: tuple[int, ...] = getattr(request.session, numbers, ())
        if model is None or not number.isdecimal() or int(number) not in held:
            return super()._verify_user_sync(request, user)
        self._init_user_fields(user)
        if user.is_authenticated:
            fields = ["id", "user_id", "confirmed"]
            user.otp_device = model.from_db(DEFAULT_DB_ALIAS, fields, [int(number), user.pk, True])
        return user


class SessionLimitsMiddleware:
    """Ends a session after 30 idle minutes or 10 hours (SESSION_IDLE_SECONDS, SESSION_ABSOLUTE_SECONDS).

    A session whose account was inactivated, whose password changed, or that was closed from elsewhere is
    already anonymous when it comes here.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        ended = self._over(request)
        if ended:
            record_account(Verbe.DECONNEXION, request.user, motif=ended, address=client_address(request))
            logout(request)
            if request.path == reverse("accounts:connexion"):
                return self.get_response(request)
            return ask_to_sign_in(request, ended=ended)
        return self.get_response(request)

    def _over(self, request: HttpRequest) -> str:
        """Why the session is over, or an empty string; notes the activity."""
        now = int(clock.now().timestamp())
        session = request.session
        if session.setdefault(STARTED, now) + settings.SESSION_ABSOLUTE_SECONDS <= now:
            return "duree"
        seen = session.setdefault(SEEN, now)
        # The page counts from its own loading: when it says that the time is over, it is.
        signing_in_again = request.path == address_of("accounts:connexion")
        grace = 0 if signing_in_again else WRITE_EVERY
        if seen + settings.SESSION_IDLE_SECONDS + grace <= now:
            return "inactivite"
        # What an open page asks by itself is no activity of its reader.
        if now - seen >= WRITE_EVERY and request.headers.get("X-EP-Passive") != "1":
            session[SEEN] = now
        left = session[STARTED] + settings.SESSION_ABSOLUTE_SECONDS - now
        request.session_seconds_left = left  # type: ignore[attr-defined]
        return ""


class MembershipMiddleware:
    """Reads the role once, then runs the request inside its scope and one transaction.

    Not ATOMIC_REQUESTS: class-based views and the admin render after that transaction ends, and would see
    nothing. The transaction is rolled back when a view raised or answered with a 5xx. A refusal is written to
    the journal after that transaction, so that it stays. The way back from ProConnect has the scope and no
    transaction, which would wait for the provider: it keeps what is said in the session, and nothing else.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        request.gate = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            response = self.get_response(request)
            journal_refusal(request, response, None)
            return response
        membership = membership_of(request.user)
        request.membership = membership  # type: ignore[attr-defined]
        if membership is None:
            response = self.get_response(request)
        elif _waits_for_others(request):
            with scope(membership.realm, membership.tenant):
                response = self.get_response(request)
        else:
            with scope(membership.realm, membership.tenant), transaction.atomic():
                response = self.get_response(request)
                if response.status_code >= 500 or getattr(request, "rollback", False):
                    transaction.set_rollback(True)
        journal_refusal(request, response, membership)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view raised: whatever answer is made of it, nothing it did stays."""
        request.rollback = True  # type: ignore[attr-defined]


def _waits_for_others(request: HttpRequest) -> bool:
    """Whether the page asks another server, up to ten seconds: no transaction stays open meanwhile."""
    return settings.PROCONNECT and request.path_info == reverse(settings.OIDC_AUTHENTICATION_CALLBACK_URL)


class GatesMiddleware:
    """Lets nobody further than the next step of their sign-in: code, password, conditions.

    While a step remains, `request.membership` is None (whatever page is open then has no role to use) and
    `request.waiting_membership` is the one to come.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer instead of the view when something remains to be settled."""
        if not request.user.is_authenticated:
            return None
        route = request.resolver_match.view_name if request.resolver_match else ""
        free = route in FREE_ROUTES or request.path.startswith(FREE_PATHS)
        membership: Membership | None = request.membership  # type: ignore[attr-defined]
        if membership is None:
            return None if free else render(request, "accounts/sans_role.html", status=403)
        with nullcontext() if connection.in_atomic_block else transaction.atomic():
            gate = pending_gate(request, membership)
        if gate is None:
            return ask_for_code(request) if admin_needs_code(request, route) else None
        request.gate = gate  # type: ignore[attr-defined]
        request.waiting_membership = membership  # type: ignore[attr-defined]
        request.membership = None  # type: ignore[attr-defined]
        if free or gate.lets_through(route):
            return None
        return send_to(request, with_next(gate.url, page_of(request)), gate.sentence)


def journal_refusal(request: HttpRequest, response: HttpResponse, membership: Membership | None) -> None:
    """Write a refusal to the journal: a 403 or a 404 of a page that exists, or a forged form.

    The route and the reference in its address are kept, never what was typed. The searches of strangers for
    pages are left to the web server's log.
    """
    forged = getattr(request, "csrf_refused", False)
    match = request.resolver_match
    refused = membership is not None and match is not None and response.status_code in {403, 404}
    if not (refused or forged):
        return
    arguments = [*match.kwargs.values(), *match.args] if match else []
    record(
        Verbe.ACCES_REFUSE,
        actor=membership,
        caisse_id=caisse_of(membership),
        objet=(match.view_name if match else "")[:40],
        objet_id=str(next(iter(arguments), ""))[:64],
        details={"statut": response.status_code, "methode": request.method, "jeton_absent": bool(forged)},
        adresse=client_address(request),
    )
