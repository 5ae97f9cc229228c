"""Who somebody is for an OpenID Connect provider (ProConnect): the code exchanged, the ID token checked.

mozilla-django-oidc speaks the protocol (state, nonce, PKCE, exchange, signature). It checks neither the issuer nor the
audience of a token, and by itself it would find or make accounts by their e-mail address: here it does neither.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import absolutify

from accounts.models import IdentiteProConnect, Utilisateur
from portal.errors import DomainError

ID_TOKEN: Final = "proconnect_jeton"  # noqa: S105
"""Where a session keeps the token it was opened with, to sign out of the provider too."""
REFUSED: Final = "ProConnect n’a pas confirmé votre identité. Recommencez."


@dataclass(frozen=True)
class Identity:
    """What the provider says, once checked."""

    issuer: str
    subject: str
    acr: str
    email: str
    id_token: str

    @property
    def counts_as_second_factor(self) -> bool:
        """Whether this sign-in was strong enough at the provider (PROCONNECT_ACR_SECOND_FACTEUR)."""
        return self.acr in settings.PROCONNECT_ACR_SECOND_FACTEUR


class Provider(OIDCAuthenticationBackend):
    """The library's exchange and checks of a token, with those it leaves out. Never a backend of Django's."""

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """The claims of a token of this issuer, for this portal.

        Raises:
            SuspiciousOperation: its signature, nonce, issuer or audience is not the right one.
        """
        claims: dict[str, Any] = super().verify_token(token, **kwargs)
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != settings.PROCONNECT_ISSUER or settings.OIDC_RP_CLIENT_ID not in audiences:
            raise SuspiciousOperation("The token was made by somebody else, or for somebody else.")
        return claims


def identify(request: HttpRequest, *, nonce: str, code_verifier: str, with_email: bool = False) -> Identity:
    """Exchange the code of the callback and check what comes back; the address is asked for on demand.

    Raises:
        DomainError: the provider refused, or what it said does not hold.
    """
    try:
        return _identify(request, nonce, code_verifier, with_email)
    except (SuspiciousOperation, jwt.PyJWTError, requests.RequestException, KeyError, ValueError) as error:
        raise DomainError(REFUSED, code="proconnect") from error


def _identify(request: HttpRequest, nonce: str, code_verifier: str, with_email: bool) -> Identity:
    provider = Provider()
    tokens = provider.get_token(
        {
            "client_id": settings.OIDC_RP_CLIENT_ID,
            "client_secret": settings.OIDC_RP_CLIENT_SECRET,
            "grant_type": "authorization_code",
            "code": request.GET["code"],
            "redirect_uri": absolutify(request, reverse(settings.OIDC_AUTHENTICATION_CALLBACK_URL)),
            "code_verifier": code_verifier,
        }
    )
    claims = provider.verify_token(tokens["id_token"], nonce=nonce)
    if "exp" not in claims:
        raise SuspiciousOperation("The token never ends.")
    email = ""
    if with_email:
        said = provider.get_userinfo(tokens["access_token"], tokens["id_token"], claims)
        if said.get("sub") != claims["sub"]:
            raise SuspiciousOperation("The provider speaks of two people.")
        email = str(said.get("email") or "")
    return Identity(
        issuer=claims["iss"],
        subject=str(claims["sub"]),
        acr=str(claims.get("acr") or ""),
        email=email,
        id_token=tokens["id_token"],
    )


def account_of(identity: Identity) -> Utilisateur | None:
    """The active account this identity was bound to by its holder, if any."""
    bound = IdentiteProConnect.objects.filter(emetteur=identity.issuer, sujet=identity.subject)
    row = bound.filter(utilisateur__is_active=True, utilisateur__active_le__isnull=False)
    found = row.select_related("utilisateur").first()
    return found.utilisateur if found else None


def provider_logout(request: HttpRequest, after: str) -> str:
    """Where signing out goes on for a session opened through the provider (RP-initiated logout), then `after`."""
    token = request.session.get(ID_TOKEN)
    if not settings.PROCONNECT or not token:
        return after
    query = {"id_token_hint": token, "post_logout_redirect_uri": request.build_absolute_uri(after)}
    return f"{settings.PROCONNECT_LOGOUT_ENDPOINT}?{urlencode(query)}"
