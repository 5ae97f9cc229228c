"""Passkeys as second factor: registering, checking, naming and removing them (WebAuthn, by py_webauthn)."""

import json
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.models import CleAcces, Utilisateur
from accounts.operations.second_factor import changed, new_codes
from accounts.queries import passkeys_of, recovery_codes_of, totp_device_of
from accounts.trail import record_account
from portal import clock
from portal.audit.models import Verbe
from portal.errors import DomainError

MOST_KEYS: Final = 10
NOT_READ: Final = "La clé d’accès n’a pas été reconnue. Recommencez."


@dataclass(frozen=True)
class Site:
    """The site as browsers bind a passkey to it: its name without port, and its origin."""

    name: str
    origin: str

    @property
    def can_have_keys(self) -> bool:
        """Whether browsers accept passkeys here: a name, never a bare IP address."""
        try:
            ip_address(self.name.strip("[]"))
        except ValueError:
            return True
        return False


def registration_options(user: Utilisateur, site: Site) -> dict[str, Any]:
    """What the browser needs to make a passkey for this account; the challenge in it serves once."""
    options = generate_registration_options(
        rp_id=site.name,
        rp_name=settings.BRAND["name"],
        user_id=salted_hmac("accounts.cles", str(user.pk), algorithm="sha256").digest(),
        user_name=user.identifiant,
        user_display_name=user.get_full_name(),
        exclude_credentials=_descriptors(user),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return _plain(options)


def register_key(
    user: Utilisateur,
    *,
    nom: str,
    answer: str,
    challenge: str,
    site: Site,
    session_key: str | None,
    address: str | None = None,
) -> tuple[CleAcces, list[str]]:
    """Keep the passkey the browser has just made; gives it, with recovery codes when the account had none left.

    The other sessions are closed, the account is told by mail.

    Raises:
        DomainError: the answer does not fit the challenge or this site, the key is known, or there are too many.
    """
    try:
        made = verify_registration_response(
            credential=_read(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.name,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise DomainError(NOT_READ, code="cle_illisible") from error
    reference = bytes_to_base64url(made.credential_id)
    with transaction.atomic():
        Utilisateur.objects.select_for_update().get(pk=user.pk)
        if len(passkeys_of(user)) >= MOST_KEYS:
            raise DomainError(
                f"Un compte a {MOST_KEYS} clés d’accès au plus. Retirez-en une.", code="trop_de_cles"
            )
        if CleAcces.objects.filter(reference=reference).exists():
            raise DomainError("Cette clé d’accès est déjà enregistrée.", code="cle_connue")
        key = CleAcces.objects.create(
            user=user,
            name=nom,
            reference=reference,
            cle_publique=made.credential_public_key,
            compteur=made.sign_count,
            transports=_transports(answer),
            cree_le=clock.now(),
        )
        left = recovery_codes_of(user)
        codes = [] if left and left.empreintes else new_codes(user)
        changed(user, "cle_ajoutee", session_key=session_key, address=address)
    return key, codes


def authentication_options(user: Utilisateur, site: Site) -> dict[str, Any]:
    """What the browser needs to sign with one of the account's passkeys; the challenge in it serves once."""
    return _plain(generate_authentication_options(rp_id=site.name, allow_credentials=_descriptors(user)))


def check_key(user: Utilisateur, *, answer: str, challenge: str, site: Site) -> CleAcces:
    """Check what a passkey of this account has signed.

    Raises:
        DomainError: another account's key, an answer to another challenge or site, or a counter that went back
            (a copy of the key).
    """
    with transaction.atomic():
        try:
            read = _read(answer)
            key = CleAcces.objects.select_for_update().get(user=user, confirmed=True, reference=read["id"])
            signed = verify_authentication_response(
                credential=read,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=site.name,
                expected_origin=site.origin,
                credential_public_key=bytes(key.cle_publique),
                credential_current_sign_count=key.compteur,
            )
        except (WebAuthnException, CleAcces.DoesNotExist, ValueError, KeyError, TypeError) as error:
            raise DomainError(NOT_READ, code="cle_refusee") from error
        key.compteur, key.utilisee_le = signed.new_sign_count, clock.now()
        key.save(update_fields=["compteur", "utilisee_le"])
    return key


def rename_key(key: CleAcces, nom: str, *, address: str | None = None) -> None:
    """Give a passkey of one's own another name."""
    key.name = nom
    key.save(update_fields=["name"])
    record_account(Verbe.SECOND_FACTEUR, key.user, acte="cle_renommee", address=address)


def remove_key(key: CleAcces, *, session_key: str | None, address: str | None = None) -> None:
    """Remove a passkey of one's own; the other sessions are closed, the account is told by mail.

    Raises:
        DomainError: nothing but recovery codes would be left.
    """
    user = Utilisateur.objects.get(pk=key.user_id)
    with transaction.atomic():
        Utilisateur.objects.select_for_update().get(pk=user.pk)
        if totp_device_of(user) is None and len(passkeys_of(user)) == 1:
            raise DomainError(
                "C’est votre seul second facteur. Ajoutez une autre clé ou une application, puis retirez celle-ci.",
                code="derniere_cle",
            )
        key.delete()
        changed(user, "cle_retiree", session_key=session_key, address=address)


def _descriptors(user: Utilisateur) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.reference),
            transports=[AuthenticatorTransport(word) for word in key.transports],
        )
        for key in passkeys_of(user)
    ]


def _plain(options: Any) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(options_to_json(options))
    return plain


def _read(answer: str) -> dict[str, Any]:
    """The answer of the browser as an object.

    Raises:
        ValueError: it is none.
    """
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise ValueError("an object was expected")
    return read


def _transports(answer: str) -> list[str]:
    """How the browser says it can reach the key again: a few known words."""
    response = _read(answer).get("response")
    said = response.get("transports") if isinstance(response, dict) else None
    known = [word.value for word in AuthenticatorTransport]
    return [word for word in known if isinstance(said, list) and word in said]
