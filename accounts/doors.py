"""Sending somebody to another page before the one they asked for, in the form their browser can follow."""

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

NEXT = "next"


def safe_next(request: HttpRequest, default: str) -> str:
    """The page asked for in `next`, when it is one of this site; otherwise `default` (an address or a route)."""
    target = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    return target if is_local(request, target) else default and resolve_url(default)


def is_local(request: HttpRequest, target: str) -> bool:
    """Whether `target` is a path of this very site."""
    return (
        target.startswith("/")
        and target.isprintable()
        and url_has_allowed_host_and_scheme(
            target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
    )


def with_next(url: str, target: str, **extra: str) -> str:
    """`url` with the page to come back to."""
    query = {**extra, **({NEXT: target} if target and target != "/" else {})}
    return f"{url}?{urlencode(query)}" if query else url


def is_background(request: HttpRequest) -> bool:
    """Whether a script asked, which cannot show a sign-in page: htmx, fetch, sendBeacon."""
    return (
        bool(getattr(request, "htmx", False))
        or "application/json" in request.headers.get("Accept", "")
        or request.headers.get("Sec-Fetch-Dest") == "empty"
    )


def page_of(request: HttpRequest) -> str:
    """The page the person is looking at: the one asked for, or the one a form or a script was sent from."""
    if request.method in {"GET", "HEAD"} and not is_background(request):
        return request.get_full_path()
    sender = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    path = sender.path + (f"?{sender.query}" if sender.query else "")
    return path if sender.netloc == request.get_host() and is_local(request, path) else ""


def send_to(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    """Send to `url`: a redirect for a page, a 401 that says where to go for a script."""
    if not is_background(request):
        return HttpResponseRedirect(url)
    response = JsonResponse({"erreur": sentence, "connexion": url}, status=401)
    if getattr(request, "htmx", False):
        response["HX-Redirect"] = url
    return response


def ask_to_sign_in(request: HttpRequest, *, ended: str = "") -> HttpResponse:
    """Send a stranger to sign in and back; `ended` says why a session is over (inactivite, duree)."""
    extra = {"fin": ended} if ended else {}
    url = with_next(reverse("accounts:connexion"), page_of(request), **extra)
    return send_to(request, url, "Votre session a pris fin. Vos brouillons sont conservés.")
