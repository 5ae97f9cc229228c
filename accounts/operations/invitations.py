"""The links somebody asks for from the sign-in page: first password, forgotten password."""

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.courriels import ACTIVATION, REINITIALISATION
from accounts.models import Utilisateur
from accounts.trail import record_account
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue

# Asking again within this time, in seconds, sends nothing more: the page is open to strangers.
SAME_REQUEST = 300


def request_link(identifiant_or_address: str, *, address: str | None = None) -> None:
    """Somebody on the sign-in page asks for a link, by identifiant or by e-mail address.

    Every active account that matches gets the mail it needs: activation if it waits for it, otherwise a new
    password. The journal has a row in every case; nothing tells the asker whether an account exists.
    """
    wanted = identifiant_or_address.strip().lower()
    column = "courriel__iexact" if "@" in wanted else "identifiant"
    with transaction.atomic():
        found = list(Utilisateur.objects.filter(**{column: wanted}, is_active=True).order_by("pk")[:5])
        for user in found:
            _send_link(user)
            record_account(Verbe.COMPTE, user, acte="lien_demande", address=address)
        if not found:
            record(Verbe.COMPTE, objet="compte", details={"acte": "lien_demande"}, adresse=address)


def _send_link(user: Utilisateur) -> None:
    kind = REINITIALISATION if user.active_le else ACTIVATION
    slot = int(clock.now().timestamp()) // SAME_REQUEST
    if user.invite_le is None or (clock.now() - user.invite_le).total_seconds() >= SAME_REQUEST:
        # A new mail leaves (the key below changes): the previous link, of either kind, stops working.
        Utilisateur.objects.filter(pk=user.pk).update(invitation=F("invitation") + 1, invite_le=clock.now())
    queue(
        kind,
        cle=f"{user.pk}:demande:{slot}",
        destinataires=[user],
        donnees={} if user.active_le else {"heures": settings.ACTIVATION_TIMEOUT // 3600},
    )
