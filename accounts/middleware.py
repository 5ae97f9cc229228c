"""Middleware of the signed-in: the membership, and the scope and transaction around the whole response."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.memberships import membership_of
from portal.tenancy import scope

GetResponse = Callable[[HttpRequest], HttpResponse]


class MembershipMiddleware:
    """Reads the role once, then runs the request inside its scope and one transaction.

    Not ATOMIC_REQUESTS: class-based views and the admin render after that transaction ends, and would see
    nothing. The transaction is rolled back when a view raised or answered with a 5xx.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            return self.get_response(request)
        membership = membership_of(request.user)
        request.membership = membership  # type: ignore[attr-defined]
        if membership is None:
            return self.get_response(request)
        with scope(membership.realm, membership.tenant), transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, "rollback", False):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A view raised: whatever answer is made of it, nothing it did stays."""
        request.rollback = True  # type: ignore[attr-defined]
