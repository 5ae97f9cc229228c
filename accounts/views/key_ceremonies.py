"""The two halves of a passkey's ceremony: what the page gives the browser, what comes back with its form.

The challenge waits in the session and serves once; the answer comes back in a hidden field, so that no page needs a
script to talk to the server.
"""

import json
from typing import Any

from django.http import HttpRequest
from django.http.request import split_domain_port

from accounts.operations import cles
from portal.errors import DomainError

CHALLENGE = "defi_cle"


def site_of(request: HttpRequest) -> cles.Site:
    """The site as the browser sees it; Django has checked the host against ALLOWED_HOSTS."""
    host = request.get_host()
    return cles.Site(name=split_domain_port(host)[0], origin=f"{request.scheme}://{host}")


def key_to_sign(request: HttpRequest) -> str | None:
    """What the browser needs to sign with a passkey, as JSON; None for an account that has none."""
    site = site_of(request)
    if not request.session.cles or not site.can_have_keys:  # type: ignore[attr-defined]
        return None
    return _ask(request, cles.authentication_options(request.user, site))  # type: ignore[arg-type]


def key_to_make(request: HttpRequest) -> str:
    """What the browser needs to make a passkey, as JSON."""
    return _ask(request, cles.registration_options(request.user, site_of(request)))  # type: ignore[arg-type]


def answered(request: HttpRequest) -> dict[str, Any]:
    """What came back, with the challenge it must answer, which is forgotten.

    Raises:
        DomainError: nothing came back, or no challenge was waiting.
    """
    challenge = request.session.pop(CHALLENGE, "")
    answer = request.POST.get("reponse", "")
    if not challenge or not answer or len(answer) > 20_000:
        raise DomainError(cles.NOT_READ, code="sans_reponse")
    return {"answer": answer, "challenge": challenge, "site": site_of(request)}


def _ask(request: HttpRequest, options: dict[str, Any]) -> str:
    request.session[CHALLENGE] = options["challenge"]
    return json.dumps(options)
