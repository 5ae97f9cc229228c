"""Middleware of the whole site: headers on every answer, a plain page when the database is away."""

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

GetResponse = Callable[[HttpRequest], HttpResponse]
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=()"
)


class ResponseHeadersMiddleware:
    """No page of a signed-in person stays in a cache, no browser feature is open that no screen uses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response


class DatabaseOutageMiddleware:
    """Says plainly that the service is away when PostgreSQL does not answer; what was half done is undone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The view failed; what fails around it comes to `server_error`."""
        if isinstance(exception, OperationalError | InterfaceError):
            return unavailable(request)
        return None


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a failure (handler500): that of an outage where a middleware lost the database, else the 500 one.

    Django turns what a middleware raises into a response at once, so that no other middleware can catch it.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return defaults.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The 503 page, which needs no database; the dead connection is dropped so that the next request gets a new one."""
    connection.close_if_unusable_or_obsolete()
    response = render(request, "503.html", status=503, using=None)
    response.headers["Retry-After"] = "30"
    return response
