"""The secrets of the links in mails: signed, never stored; those that change something serve once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, urlsafe_base64_decode, urlsafe_base64_encode

from accounts.enums import StatutHabilitation
from accounts.models import DemandeHabilitation, Utilisateur
from portal import clock


class LinkTokens(PasswordResetTokenGenerator):
    """Tokens of one kind of link, dead once used, once replaced, once the account changed, or once too old.

    The password, the last sign-in, the address, the activation, the inactivation and the number of the
    invitation are part of what is signed.
    """

    def __init__(self, kind: str, lifetime: str) -> None:
        super().__init__()
        self.key_salt = f"accounts.tokens.{kind}"
        self._lifetime = lifetime

    @property
    def lifetime(self) -> int:
        """How long a link works, in seconds."""
        return int(getattr(settings, self._lifetime))

    def check_token(self, user: Utilisateur | None, token: str | None) -> bool:
        """Whether the link is still good for this account; checking uses nothing up."""
        if user is None or not token or token.count("-") != 1:
            return False
        try:
            issued = base36_to_int(token.partition("-")[0])
        except ValueError:
            return False
        expected = self._make_token_with_timestamp(user, issued, self.secret)
        return constant_time_compare(expected, token) and 0 <= self._age(issued) <= self.lifetime

    def _age(self, issued: int) -> int:
        return self._num_seconds(self._now()) - issued

    def _make_hash_value(self, user: Utilisateur, timestamp: int) -> str:
        parts = (
            user.pk,
            user.password,
            user.last_login,
            user.courriel,
            user.active_le,
            user.is_active,
            user.invitation,
            timestamp,
        )
        return "|".join(str(part) for part in parts)

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)


class AddressTokens(LinkTokens):
    """Tokens of the links that confirm a new address: dead once it is confirmed, replaced or abandoned.

    Signing in or changing the password meanwhile leaves them good.
    """

    def _make_hash_value(self, user: Utilisateur, timestamp: int) -> str:
        asked = user.courriel_attente_le
        parts = (user.pk, user.courriel, user.courriel_attente, asked, user.is_active, timestamp)
        return "|".join(str(part) for part in parts)


activation_tokens = LinkTokens("activation", "ACTIVATION_TIMEOUT")
reset_tokens = LinkTokens("reinitialisation", "PASSWORD_RESET_TIMEOUT")
address_tokens = AddressTokens("adresse", "ACTIVATION_TIMEOUT")


def encode_uid(user: Utilisateur) -> str:
    """The account's number as links carry it."""
    return urlsafe_base64_encode(str(user.pk).encode())


def user_from_uid(uid: str) -> Utilisateur | None:
    """The account a link is about, or None."""
    try:
        return Utilisateur.objects.filter(pk=int(urlsafe_base64_decode(uid).decode())).first()
    except (ValueError, OverflowError):
        return None


def habilitation_token(demande: DemandeHabilitation) -> str:
    """The secret of the link to a request made without an account.

    Until the address is confirmed it is another one than afterwards, so that the link that confirms serves once.
    """
    asked = demande.cree_le.isoformat() if demande.statut == StatutHabilitation.A_CONFIRMER else "suivi"
    value = f"{demande.pk}|{demande.courriel}|{asked}"
    return salted_hmac("accounts.tokens.habilitation", value, algorithm="sha256").hexdigest()


def opens_habilitation(demande: DemandeHabilitation | None, token: str | None) -> bool:
    """Whether this is the link of a request made by the public form: its confirmation lasts as an invitation."""
    if demande is None or not token or demande.demandeur_id is not None or not demande.courriel:
        return False
    if demande.statut == StatutHabilitation.A_CONFIRMER and clock.now() >= confirmed_before(demande):
        return False
    return constant_time_compare(habilitation_token(demande), token)


def confirmed_before(demande: DemandeHabilitation) -> datetime:
    """Until when the address of a request of the public form may be confirmed."""
    return demande.cree_le + timedelta(seconds=settings.ACTIVATION_TIMEOUT)
