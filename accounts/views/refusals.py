"""Refusals that Django answers itself."""

from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure as django_answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token (CSRF_FAILURE_VIEW): noted for the journal, then Django's answer."""
    request.csrf_refused = True
    return django_answer(request, reason)
