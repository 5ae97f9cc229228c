"""The address a request comes from, as far as the deployment's own proxies can vouch for it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The client's address, or None when it is unknown (a local socket).

    A client can write anything into X-Forwarded-For; only the last TRUSTED_PROXIES entries come from proxies
    of the deployment, so the client is the one before the last of those, and the header counts for nothing
    without a proxy.
    """
    proxies = settings.TRUSTED_PROXIES
    candidate = request.META.get("REMOTE_ADDR", "")
    if proxies:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(forwarded) >= proxies:
            candidate = forwarded[-proxies]
    try:
        return str(ipaddress.ip_address(candidate))
    except ValueError:
        return None
