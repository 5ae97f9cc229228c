"""The session: extending it, closing the others."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.middleware import SEEN
from accounts.sessions import close_session, close_sessions
from accounts.trail import record_account
from accounts.views.signed_in import sign_in_required
from portal import clock
from portal.addresses import client_address
from portal.audit.models import Verbe


@never_cache
@require_POST
def prolonger(request: HttpRequest) -> JsonResponse:
    """Extend an idle session: the seconds left in JSON, or 401 when it is over."""
    if not request.user.is_authenticated:
        return JsonResponse({"erreur": "Votre session a pris fin."}, status=401)
    request.session[SEEN] = int(clock.now().timestamp())
    left = min(settings.SESSION_IDLE_SECONDS, request.session_seconds_left)
    return JsonResponse({"reste": left})


@require_POST
@sign_in_required
def fermer_sessions(request: HttpRequest) -> HttpResponse:
    """Close one's sessions in the other browsers."""
    closed = close_sessions(request.user.pk, but=request.session.session_key)
    record_account(
        Verbe.DECONNEXION,
        request.user,
        motif="autres_sessions",
        nombre=closed,
        address=client_address(request),
    )
    if closed:
        plural = "s" if closed > 1 else ""
        messages.success(request, f"{closed} autre{plural} session{plural} fermée{plural}.")
    else:
        messages.info(request, "Aucune autre session n’était ouverte.")
    return redirect("accounts:profil")


@require_POST
@sign_in_required
def fermer_session(request: HttpRequest, repere: str) -> HttpResponse:
    """Close one of one's sessions in another browser."""
    if close_session(request.user.pk, repere, but=request.session.session_key):
        record_account(
            Verbe.DECONNEXION,
            request.user,
            motif="autres_sessions",
            nombre=1,
            address=client_address(request),
        )
        messages.success(request, "La session est fermée.")
    else:
        messages.info(request, "Cette session n’était plus ouverte.")
    return redirect("accounts:profil")
