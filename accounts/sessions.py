"""The session engine: rows of the database that know their account."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import QuerySet
from django.db.models.functions import Now

from portal import clock
from portal.compiled import CompiledQuery, Slot


def _open() -> QuerySet[Any]:
    from accounts.models import SessionOuverte

    return SessionOuverte.objects.filter(session_key=Slot("key"), expire_date__gt=Now())


OPEN: CompiledQuery[Any] = CompiledQuery(_open)


class SessionStore(DatabaseStore):
    """Django's database sessions, plus the account and the last activity in columns of their own."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        from accounts.models import SessionOuverte

        return SessionOuverte

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = OPEN.first(key=self.session_key)
        if found is None:
            self._session_key = None
        return found

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        account = data.get(SESSION_KEY)
        row.utilisateur_id = int(account) if account else None  # type: ignore[attr-defined]
        row.vue_le = clock.now()  # type: ignore[attr-defined]
        return row


def open_sessions(user_id: int) -> QuerySet[Any]:
    """The sessions of an account that are still alive."""
    from accounts.models import SessionOuverte

    now = clock.now()
    since = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return SessionOuverte.objects.filter(utilisateur_id=user_id, expire_date__gt=now, vue_le__gt=since)


def close_sessions(user_id: int, *, but: str | None = None) -> int:
    """Close every session of an account except `but` (a session key); returns how many were alive.

    Called when a password or a second factor changes, when an account is inactivated, or on request.
    """
    from accounts.models import SessionOuverte

    count = open_sessions(user_id).exclude(session_key=but or "").count()
    SessionOuverte.objects.filter(utilisateur_id=user_id).exclude(session_key=but or "").delete()
    return count
