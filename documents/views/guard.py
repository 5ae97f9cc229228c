"""The gate of the pièces: signed in, with a role; what may be opened is each view's business."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.permissions import Act, can

View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """A stranger signs in first; an account that works on no demande is refused."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        membership = getattr(request, "membership", None)
        if not can(membership, Act.SUIVRE_DEMANDES) and not can(membership, Act.TRAITER_DEMANDE):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
