"""The session engine: rows of the database that know their account."""

from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare, salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal import clock
from portal.compiled import CompiledQuery, Slot


def _open() -> QuerySet[Any]:
    from accounts.models import CleAcces, SessionOuverte

    devices = TOTPDevice.objects.filter(user=OuterRef("utilisateur"), confirmed=True).order_by()
    keys = CleAcces.objects.filter(user=OuterRef("utilisateur"), confirmed=True).order_by()
    return (
        SessionOuverte.objects.filter(session_key=Slot("key"), expire_date__gt=Now())
        .select_related("utilisateur")
        .annotate(appareils=ArraySubquery(devices.values("pk")), cles=ArraySubquery(keys.values("pk")))
    )


OPEN: CompiledQuery[Any] = CompiledQuery(_open)
RESOLVING: ContextVar["SessionStore | None"] = ContextVar("resolving", default=None)
"""The session whose account is being looked for: it was read with it."""
STARTED, DEVICE = "debut", "appareil"
"""What a session holds of its opening: the moment, in seconds, and the browser in words."""


class SessionStore(DatabaseStore):
    """Django's database sessions, plus the account and the last activity in columns of their own.

    One statement reads the session with its account (`compte`) and the numbers of its TOTP devices (`appareils`) and
    passkeys (`cles`): every page asks for them.
    """

    compte: Any = None
    appareils: tuple[int, ...] = ()
    cles: tuple[int, ...] = ()

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        from accounts.models import SessionOuverte

        return SessionOuverte

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = OPEN.first(key=self.session_key)
        if found is None:
            self._session_key = None
            return None
        self.compte, self.appareils = found.utilisateur, tuple(found.appareils)
        self.cles = tuple(found.cles)
        return found

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        account = data.get(SESSION_KEY)
        row.utilisateur_id = int(account) if account else None  # type: ignore[attr-defined]
        row.vue_le = clock.now()  # type: ignore[attr-defined]
        started = data.get(STARTED)
        row.ouverte_le = datetime.fromtimestamp(started, UTC) if started else None  # type: ignore[attr-defined]
        row.appareil = data.get(DEVICE, "")  # type: ignore[attr-defined]
        return row


def open_sessions(user_id: int) -> QuerySet[Any]:
    """The sessions of an account that are still alive."""
    from accounts.models import SessionOuverte

    now = clock.now()
    since = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return SessionOuverte.objects.filter(utilisateur_id=user_id, expire_date__gt=now, vue_le__gt=since)


def mark_of(session_key: str) -> str:
    """What a page shows of a session to say which one is meant: its key stays a secret."""
    return salted_hmac("accounts.sessions", session_key).hexdigest()[:20]


def close_session(user_id: int, mark: str, *, but: str | None) -> bool:
    """Close the session of an account that `mark` means, unless it is `but`; whether it was open."""
    others = open_sessions(user_id).exclude(session_key=but or "")
    for session in others.only("session_key"):
        if constant_time_compare(mark_of(session.session_key), mark):
            return bool(session.delete()[0])
    return False


def close_sessions(user_id: int, *, but: str | None = None) -> int:
    """Close every session of an account except `but` (a session key); returns how many were alive.

    Called when a password or a second factor changes, when an account is inactivated, or on request.
    """
    from accounts.models import SessionOuverte

    count = open_sessions(user_id).exclude(session_key=but or "").count()
    SessionOuverte.objects.filter(utilisateur_id=user_id).exclude(session_key=but or "").delete()
    return count
