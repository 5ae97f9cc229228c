"""What the pages of one's own account share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.doors import ask_to_sign_in
from accounts.memberships import Membership


def own_membership(request: HttpRequest) -> Membership | None:
    """One's membership, even while a step of the sign-in remains."""
    return request.membership or getattr(request, "waiting_membership", None)


def sign_in_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page be reached by whoever is signed in, whatever the role: it is about one's own account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.own_account = True
    return guarded
