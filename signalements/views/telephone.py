"""The page a QR code opens on a phone, signed out: adding files, and reading nothing."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.addresses import client_address
from portal.errors import DomainError
from portal.throttle import exhausted, within
from portal.ui.text import file_size
from signalements.operations.telephone import DUREE, LienPerime, begin, check, receive

COOKIE = "ep_telephone"
WRONG_CODES, WINDOW = 30, 600
UNPROCESSABLE = 422
View = Callable[..., HttpResponse]


def one_time(view: View) -> View:
    """Answer an unknown, ended or foreign code the same way, and an address that tries many not at all."""

    @wraps(view)
    def guarded(request: HttpRequest, jeton: str) -> HttpResponse:
        address = f"telephone:{client_address(request) or 'locale'}"
        if exhausted(address, most=WRONG_CODES):
            return render(request, "signalements/telephone/perime.html", {"attendre": True}, status=429)
        try:
            return view(request, jeton)
        except LienPerime as error:
            within(address, most=WRONG_CODES, seconds=WINDOW)
            if request.headers.get("Accept", "").startswith("application/json"):
                return JsonResponse({"erreur": error.message, "code": error.code}, status=410)
            return render(request, "signalements/telephone/perime.html", {"attendre": False}, status=410)

    return never_cache(guarded)


@one_time
@require_http_methods(["GET", "HEAD", "POST"])
def telephone(request: HttpRequest, jeton: str) -> HttpResponse:
    """The page; POST « Commencer » binds it to this phone, then POST brings the files without JavaScript."""
    if request.method == "POST" and "commencer" in request.POST:
        secret = begin(jeton, _phone(request))
        response = _page(request, jeton, begun=True)
        response.set_cookie(
            COOKIE,
            secret,
            max_age=int(DUREE.total_seconds()),
            path=reverse("signalements:telephone", args=[jeton]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
        return response
    begun = check(jeton, _phone(request))
    if request.method == "POST":
        return _posted(request, jeton)
    return _page(request, jeton, begun=begun)


def _posted(request: HttpRequest, jeton: str) -> HttpResponse:
    received, errors = [], []
    files = request.FILES.getlist("fichiers")
    if not files:
        errors.append("Choisissez une photo ou un fichier.")
    for fichier in files:
        try:
            received.append(receive(jeton, _phone(request), fichier=fichier, cle=uuid.uuid4()).piece.nom)
        except LienPerime:
            raise
        except DomainError as error:
            errors.append(f"{fichier.name}\u00a0: {error.message}")
    return _page(request, jeton, begun=True, received=received, errors=errors)


def _page(
    request: HttpRequest,
    jeton: str,
    *,
    begun: bool,
    received: list[str] | None = None,
    errors: list[str] | None = None,
) -> HttpResponse:
    context = {
        "begun": begun,
        "received": received or [],
        "errors": errors or [],
        "has_errors": bool(errors),
        "upload": reverse("signalements:telephone_fichier", args=[jeton]),
    }
    status = UNPROCESSABLE if errors else 200
    return render(request, "signalements/telephone/page.html", context, status=status)


@one_time
@require_POST
def fichier(request: HttpRequest, jeton: str) -> HttpResponse:
    """One file, as soon as it is chosen (JSON)."""
    file = request.FILES.get("fichier")
    if file is None:
        check(jeton, _phone(request))
        return JsonResponse({"erreur": "Choisissez un fichier."}, status=UNPROCESSABLE)
    try:
        cle = uuid.UUID(request.POST.get("cle", ""))
    except ValueError:
        cle = uuid.uuid4()
    try:
        piece = receive(jeton, _phone(request), fichier=file, cle=cle).piece
    except LienPerime:
        raise
    except DomainError as error:
        return JsonResponse({"erreur": error.message, "code": error.code}, status=UNPROCESSABLE)
    told = {"nom": piece.nom, "taille": file_size(piece.taille), "etat": "", "etat_texte": "Reçu"}
    return JsonResponse({**told, "url": "", "etat_url": "", "retirer_url": ""}, status=201)


def _phone(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")[:100]
