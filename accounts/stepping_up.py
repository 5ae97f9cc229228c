"""A recent second factor before a sensitive act (ASVS 7.5.1)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.doors import ask_to_sign_in, page_of, send_to, with_next
from accounts.queries import has_second_factor
from portal import clock
from portal.admin_exports import PARAMETER

VERIFIED_AT: Final = "second_facteur_le"
MINUTES: Final = 15
# A form opened in time may be filled for half an hour more.
FORM_MINUTES: Final = 45
# Pages of the admin that only list; every other one changes something.
LISTS: Final = ("index", "login", "_changelist", "_history", "jsi18n", "autocomplete")
SENTENCE: Final = "Confirmez votre identité avec un code à usage unique."


def note_verification(request: HttpRequest) -> None:
    """Remember that a code was checked now."""
    request.session[VERIFIED_AT] = int(clock.now().timestamp())


def verified_recently(request: HttpRequest, minutes: int = MINUTES) -> bool:
    """Whether a code was checked in this session less than `minutes` ago."""
    if not request.user.is_verified():  # type: ignore[union-attr]
        return False
    return clock.now().timestamp() - request.session.get(VERIFIED_AT, 0) < minutes * 60


def ask_for_code(request: HttpRequest) -> HttpResponse:
    """Send to the page of the code, and back to the page the person is on."""
    return send_to(request, with_next(reverse("accounts:code"), page_of(request)), SENTENCE)


def admin_needs_code(request: HttpRequest, route: str) -> bool:
    """Whether this page of the admin waits for a recent code: those that change or export something."""
    if not route.startswith("admin:"):
        return False
    if request.method == "POST":
        return not verified_recently(request, FORM_MINUTES)
    listing = route.endswith(LISTS) and PARAMETER not in request.GET
    return not listing and not verified_recently(request)


def step_up_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view act only shortly after a second factor was checked.

    An account that works without a second factor has none to give again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if not verified_recently(request) and has_second_factor(request):
            return ask_for_code(request)
        return view(request, *args, **kwargs)

    return guarded
