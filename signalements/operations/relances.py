"""« Relancer la caisse »: once its deadline is passed, then every seven days (ecrans.md §B.2-9)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.memberships import Membership
from portal import clock
from portal.errors import DomainError
from portal.ui.text import day_in_words
from signalements.clocks import due_day
from signalements.enums import Statut
from signalements.models import Demande, Message
from signalements.notifications import tell_relance
from signalements.operations.door import lock_demande
from signalements.operations.partner_messages import write_to_caisse

INTERVALLE = timedelta(days=7)
"""From one relance to the next."""


@dataclass(frozen=True)
class Retard:
    """A demande past its deadline: since when, the relances already made, the day another one is welcome."""

    echeance: date
    faites: tuple[date, ...]
    prochaine: date
    possible: bool

    @property
    def derniere(self) -> date | None:
        """The day of the last relance."""
        return self.faites[-1] if self.faites else None


def retard_of(demande: Demande, relances: Sequence[datetime]) -> Retard | None:
    """How late the caisse is, in its own time zone, given when it was already asked; None when it is not late."""
    due, today = due_day(demande), demande.caisse.today()
    if due is None or due >= today:
        return None
    faites = tuple(clock.local_date(moment, demande.caisse.fuseau) for moment in sorted(relances))
    prochaine = faites[-1] + INTERVALLE if faites else today
    return Retard(due, faites, prochaine, prochaine <= today)


def text_of(retard: Retard) -> str:
    """What the caisse is written, politely; it names no person."""
    text = (
        "Bonjour,\nLa réponse à cette demande était attendue au plus tard le "
        f"{day_in_words(retard.echeance)}. Pouvez-vous nous dire où elle en est\u00a0?"
    )
    if retard.derniere:
        text += f"\nNous vous avions déjà écrit à ce sujet le {day_in_words(retard.derniere)}."
    return f"{text}\nMerci par avance de votre réponse."


def relancer_caisse(
    *, membership: Membership, reference: str, cle: uuid.UUID, precision: str = ""
) -> tuple[Message, bool]:
    """Ask the caisse where a late demande stands; returns the message and whether it is new.

    The same `cle` gives the same message. Order of effects: demande locked, lateness and interval checked,
    message, date of last action, journal, mails to the agent or team and to the superviseurs.

    Raises:
        Demande.DoesNotExist: none for this structure.
        DomainError: the deadline is not passed (code « pas_en_retard »), or the last relance is too recent
            (code « trop_tot »).
    """
    with transaction.atomic():
        rows = Demande.objects.visible_to(membership).exclude(statut=Statut.BROUILLON)
        demande = lock_demande(membership, rows.values_list("pk", flat=True).get(reference=reference))
        existing = Message.objects.filter(demande=demande, cle=cle).first()
        if existing is not None:
            return existing, False
        sent = Message.objects.filter(demande=demande, relance=True).values_list("le", flat=True)
        retard = _late_enough(demande, list(sent))
        texte = text_of(retard) + (f"\n\n{precision.strip()}" if precision.strip() else "")
        message = write_to_caisse(
            demande,
            Message(cle=cle, texte=texte, relance=True),
            membership=membership,
            details={"relance": len(retard.faites) + 1},
        )
        tell_relance(demande, cle=message.pk)
    return message, True


def _late_enough(demande: Demande, relances: list[datetime]) -> Retard:
    retard = retard_of(demande, relances)
    if retard is None:
        raise DomainError(
            "Le délai de la caisse n’est pas dépassé\u00a0: elle ne peut pas être relancée.",
            code="pas_en_retard",
        )
    if not retard.possible:
        raise DomainError(too_soon(retard), code="trop_tot")
    return retard


def too_soon(retard: Retard) -> str:
    """Why the caisse cannot be asked again yet."""
    last = day_in_words(retard.derniere) if retard.derniere else ""
    return (
        f"La caisse a déjà été relancée le {last}. Une nouvelle relance sera possible le "
        f"{day_in_words(retard.prochaine)}."
    )
