"""The second factor: enrolling an application, checking a code, recovery codes."""

import secrets
from base64 import b32encode
from datetime import datetime
from typing import Final

from django.db import transaction
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from accounts import queries
from accounts.courriels import SECOND_FACTEUR_CHANGE
from accounts.models import CleAcces, CodeSecours, Utilisateur
from accounts.sessions import close_sessions
from accounts.trail import record_account
from portal import clock
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.identifiers import uuid7

RECOVERY_CODES: Final = 10
# Crockford's alphabet: nothing that reads like something else. Ten signs are 50 bits.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WRONG_CODE: Final = (
    "Ce code n’est pas le bon, ou il a déjà servi. Attendez que votre application en affiche un nouveau."
)
WRONG_RECOVERY_CODE: Final = "Ce code de secours n’est pas le bon, ou il a déjà servi."


class Wait(Exception):
    """Too many wrong codes: nothing is looked at for `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


def pending_device(user: Utilisateur) -> TOTPDevice:
    """The application being enrolled, whose secret is shown; made on first call."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).order_by("id").first()
    if device is None:
        device = TOTPDevice.objects.create(
            user=user, name="Application d’authentification", confirmed=False, key=default_key()
        )
    return device


def secret_of(device: TOTPDevice) -> str:
    """The secret as people type it: base32 in groups of four."""
    plain = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def confirm_device(
    user: Utilisateur, code: str, *, session_key: str | None, address: str | None = None
) -> tuple[TOTPDevice, list[str]]:
    """Confirm the application being enrolled with one of its codes; it replaces the former one.

    Closes the other sessions, makes new recovery codes, journals and tells the account. Returns the device and
    the recovery codes, which nobody can read again.

    Raises:
        DomainError: the code is wrong.
        Wait: too many wrong codes.
    """
    device = pending_device(user)
    _check_wait(device)
    if verify_token(user, device.persistent_id, _digits(code)) is None:
        raise DomainError(WRONG_CODE, field="code", code="code_faux")
    with transaction.atomic():
        device.refresh_from_db()
        TOTPDevice.objects.filter(user=user, confirmed=True).delete()
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        codes = new_codes(user)
        changed(user, "installation", session_key=session_key, address=address)
    return device, codes


def check_code(user: Utilisateur, code: str, *, recovery: bool) -> Device:
    """Check a code of the application, or a recovery code; a code works once.

    Raises:
        DomainError: the code is wrong, used, or there is nothing to check it against.
        Wait: too many wrong codes.
    """
    device = queries.recovery_codes_of(user) if recovery else queries.totp_device_of(user)
    if device is not None:
        _check_wait(device)
        if verify_token(user, device.persistent_id, code if recovery else _digits(code)):
            return device
    raise DomainError(WRONG_RECOVERY_CODE if recovery else WRONG_CODE, field="code", code="code_faux")


def regenerate_codes(user: Utilisateur, *, session_key: str | None, address: str | None = None) -> list[str]:
    """Replace the recovery codes; the other sessions are closed, the account is told by mail."""
    with transaction.atomic():
        codes = new_codes(user)
        changed(user, "codes_secours", session_key=session_key, address=address)
    return codes


def drop_factors(user: Utilisateur) -> None:
    """Delete every application and passkey of an account, and its recovery codes."""
    for model in (TOTPDevice, CleAcces, CodeSecours):
        model.objects.filter(user=user).delete()


def new_codes(user: Utilisateur, number: int = RECOVERY_CODES, *, until: datetime | None = None) -> list[str]:
    """Replace the recovery codes of an account by `number` others, good until a moment or for as long as wanted."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(number)]
    row = queries.recovery_codes_of(user) or CodeSecours(user=user, name="Codes de secours")
    row.sel = secrets.token_hex(16)
    row.empreintes = [row.fingerprint(code) for code in codes]
    row.genere_le = clock.now()
    row.valable_jusqu_au = until
    row.throttle_reset(commit=False)
    row.save()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def changed(user: Utilisateur, acte: str, *, session_key: str | None, address: str | None = None) -> None:
    """Close the other sessions of somebody who changed a second factor, journal it, tell the account by mail."""
    close_sessions(user.pk, but=session_key)
    record_account(Verbe.SECOND_FACTEUR, user, acte=acte, address=address)
    queue(SECOND_FACTEUR_CHANGE, cle=f"{user.pk}:{uuid7()}", destinataires=[user])


def _check_wait(device: TOTPDevice | CodeSecours) -> None:
    allowed, why = device.verify_is_allowed()
    if not allowed and why:
        left = (why["locked_until"] - clock.now()).total_seconds()
        raise Wait(max(1, round(left + 0.5)))


def _digits(code: str) -> str:
    """A code as it is checked: people type it in two groups."""
    return "".join(code.split())
