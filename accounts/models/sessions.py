"""Open sessions, each with its account, so that the others can be closed when a secret changes."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class SessionOuverte(AbstractBaseSession):
    """A session of a browser; without account before sign-in."""

    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions", verbose_name="compte"
    )
    vue_le = models.DateTimeField("dernière activité")
    ouverte_le = models.DateTimeField("ouverte le", null=True)
    appareil = models.CharField("navigateur et système", max_length=80, default="", db_default="")

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "session"
        verbose_name_plural = "sessions"

    def __str__(self) -> str:
        return f"Session du compte {self.utilisateur_id}"
