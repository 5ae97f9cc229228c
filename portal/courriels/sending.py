"""Sending what waits in the outbox: one mail, one transaction.

The row is locked while its mail leaves and marked in the same transaction. Two workers never take the same row; a
worker killed before the end leaves the row as it was, and the mail leaves later. The one possible duplicate is the
mail whose server had accepted it when the worker was killed before its commit: it carries the same Message-ID.
"""

import logging
import smtplib
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet

from portal import clock
from portal.courriels.models import Courriel
from portal.courriels.rendering import message, render

logger = logging.getLogger(__name__)

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""The wait after each failed attempt; a mail is given up when the list is used up, about two days later."""

PERMANENT = 500


class MailAway(Exception):
    """The mail server does not answer: the other mails would fail as well."""


class Mailer:
    """One connection to the mail server, opened by the first mail and opened again after a failure."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend = get_connection()

    def __enter__(self) -> "Mailer":
        return self

    def __exit__(self, *error: object) -> None:
        self._backend.close()

    def send(self, mail: EmailMultiAlternatives) -> None:
        """Send one mail, or raise what the server or the network answered."""
        try:
            self._backend.open()
            self._backend.send_messages([mail])
        except Exception:
            self._backend.close()
            raise


def send_due(limit: int) -> int:
    """Send at most `limit` mails that are due; returns how many left the outbox, sent or given up."""
    done = 0
    with Mailer() as mailer:
        while done < limit:
            try:
                if not _send_next(mailer):
                    break
            except MailAway:
                logger.warning("The mail server does not answer; the mails wait")
                break
            done += 1
    return done


def pending() -> QuerySet[Courriel]:
    """What has neither left nor been given up."""
    return Courriel.objects.filter(envoye_le__isnull=True, abandonne_le__isnull=True)


def _send_next(mailer: Mailer) -> bool:
    """Send the mail that has waited the longest; False when none is due."""
    with transaction.atomic():
        courriel = (
            pending()
            .filter(recapitulatif=False, a_envoyer_le__lte=clock.now())
            .select_related("destinataire")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("a_envoyer_le", "id")
            .first()
        )
        if courriel is None:
            return False
        away = _attempt(courriel, mailer)
    if away:
        raise MailAway
    return True


def _attempt(courriel: Courriel, mailer: Mailer) -> bool:
    """Send one locked mail and write what became of it; True when the server is away."""
    address = address_of(courriel)
    if not address:
        give_up([courriel], "destinataire inactif ou sans adresse")
        return False
    try:
        mailer.send(message(render(courriel), to=address, message_id=str(courriel.pk)))
    except KeyError as error:
        give_up([courriel], f"type de courriel inconnu\u00a0: {error}")
    except Exception as error:
        return failed([courriel], error)
    else:
        mark_sent([courriel])
    return False


def address_of(courriel: Courriel) -> str:
    """Where it goes: the team's address, or that of an account still active; empty when there is none."""
    if courriel.adresse:
        return courriel.adresse
    account: Any = courriel.destinataire
    return account.courriel if account is not None and account.is_active else ""


def mark_sent(rows: list[Courriel]) -> None:
    """These mails have left."""
    Courriel.objects.filter(pk__in=[row.pk for row in rows]).update(envoye_le=clock.now(), erreur="")


def give_up(rows: list[Courriel], reason: str) -> None:
    """These mails will not leave; the status page counts them."""
    Courriel.objects.filter(pk__in=[row.pk for row in rows]).update(
        abandonne_le=clock.now(), erreur=reason[:200]
    )


def failed(rows: list[Courriel], error: Exception) -> bool:
    """Write a failed attempt: try again later, or give up. True when the server itself is away."""
    attempts = rows[0].essais + 1
    # Only the kind of error: what a server answers may quote an address.
    reason = type(error).__name__
    if attempts > len(BACK_OFF) or _is_refused(error):
        give_up(rows, reason)
        return False
    Courriel.objects.filter(pk__in=[row.pk for row in rows]).update(
        essais=attempts, erreur=reason, a_envoyer_le=clock.now() + BACK_OFF[attempts - 1]
    )
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPResponseException)


def _is_refused(error: Exception) -> bool:
    """Whether the server refuses this recipient for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    return False
