"""Who may sign in with an identifiant and a password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import Utilisateur
from accounts.sessions import RESOLVING
from portal.compiled import CompiledQuery, Slot

BY_ID = CompiledQuery(lambda: Utilisateur.objects.filter(pk=Slot("id")))


class IdentifiantBackend(ModelBackend):
    """Checks an identifiant and a password, with one Argon2 computation whatever the answer.

    Django computes a hash for an unknown account and for an unusable password (an account not activated yet),
    and checks the password of an inactive account before refusing it: the time tells nothing.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        identifiant: str | None = None,
        **kwargs: Any,
    ) -> Utilisateur | None:
        if identifiant is None or password is None:
            return None
        user = super().authenticate(request, username=identifiant, password=password)
        return user if isinstance(user, Utilisateur) else None

    def get_user(self, user_id: int) -> Utilisateur | None:
        """The account of a session, while it is active."""
        session = RESOLVING.get()
        user = session.compte if session is not None else None
        if user is None or user.pk != user_id:
            user = BY_ID.first(id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
