"""Sessions of national support: opened for a reason and a time, ended by hand or by the clock, read only."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localtime

from accounts.courriels import ASSISTANCE_OUVERTE
from accounts.enums import Profil
from accounts.memberships import Membership
from accounts.models import SessionAssistance, Utilisateur
from accounts.permissions import Act, can
from caisses.models import Caisse
from portal import clock
from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.courriels.outbox import queue
from portal.errors import DomainError
from portal.tenancy import read_only
from portal.ui.text import moment

DUREES = (30, 60, 120, 240)
"""Minutes a session may last."""
OBJET = "sessionassistance"


def open_session(*, actor: Membership, caisse: Caisse, motif: str, minutes: int) -> SessionAssistance:
    """Open the data of one caisse to this national administrator, read only, for `minutes`.

    Effects: the session, the journal of the caisse, a mail to its administrators.

    Raises:
        DomainError: not a national administrator, no reason, another length, or another session is under way.
    """
    if not can(actor, Act.ASSISTER):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    if not motif.strip():
        raise DomainError("Donnez la raison de la session.", field="motif", code="motif")
    if minutes not in DUREES:
        raise DomainError("Choisissez une durée de la liste.", field="duree", code="duree")
    now = clock.now()
    with transaction.atomic():
        Utilisateur.objects.select_for_update(of=("self",)).get(pk=actor.user.pk)
        mine = SessionAssistance.objects.filter(ouverte_par=actor.user, close_le=None)
        mine.filter(fin_prevue_le__lte=now).update(close_le=F("fin_prevue_le"))
        if mine.exists():
            raise DomainError("Terminez d’abord votre session d’assistance en cours.", code="deja_ouverte")
        session = SessionAssistance.objects.create(
            caisse=caisse,
            ouverte_par=actor.user,
            motif=motif.strip(),
            ouverte_le=now,
            fin_prevue_le=now + timedelta(minutes=minutes),
        )
        _journal(actor, session, Verbe.CREATION, acte="ouverture", minutes=minutes)
        admins = Utilisateur.objects.of_caisse(caisse).filter(profil=Profil.ADMIN_CAISSE, is_active=True)
        queue(
            ASSISTANCE_OUVERTE,
            cle=str(session.pk),
            destinataires=admins,
            lien=reverse("admin:accounts_sessionassistance_change", args=[session.pk]),
            donnees={
                "echeance": moment(localtime(session.fin_prevue_le, ZoneInfo(caisse.fuseau))),
                "caisse": caisse.nom,
            },
            caisse_id=caisse.pk,
        )
    return session


def close_session(*, actor: Membership, session: SessionAssistance) -> SessionAssistance:
    """End a session now: whoever opened it, another national administrator, or the caisse that is looked into.

    Raises:
        DomainError: not within reach, or already over.
    """
    if not can(actor, Act.ADMINISTRER_CAISSE, session):
        raise DomainError("Votre rôle ne permet pas cet acte.", code="role")
    with transaction.atomic():
        locked = SessionAssistance.objects.select_for_update(of=("self",)).get(pk=session.pk)
        if not locked.en_cours:
            raise DomainError("Cette session est déjà terminée.", code="terminee")
        locked.close_le, locked.close_par = clock.now(), actor.user
        locked.save(update_fields=["close_le", "close_par"])
        _journal(actor, locked, Verbe.MODIFICATION, acte="fin")
    return locked


def session_of(membership: Membership) -> SessionAssistance | None:
    """The session under way of a national administrator, with its caisse."""
    if not can(membership, Act.ASSISTER):
        return None
    rows = SessionAssistance.objects.under_way().filter(ouverte_par=membership.user)
    return rows.select_related("caisse").first()


@contextmanager
def looking_into(session: SessionAssistance) -> Iterator[None]:
    """See what the caisse sees, until the end of the block; the database refuses every write meanwhile.

    Raises:
        DomainError: the session is over.
    """
    if not session.en_cours:
        raise DomainError("La session d’assistance est terminée.", code="terminee")
    with read_only("caisse", session.caisse_id):
        yield


def _journal(actor: Membership, session: SessionAssistance, verbe: Verbe, **details: object) -> None:
    record(verbe, actor=actor, caisse_id=session.caisse_id, objet=OBJET, objet_id=session.pk, details=details)
