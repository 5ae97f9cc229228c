"""From the draft to the day a convention takes effect: when the last party has signed (art. 8.1)."""

from datetime import date
from typing import Any

from django.db import transaction

from partners.enums import ActeConvention, EtatConvention, NatureConvention
from partners.models import Convention, Signataire
from partners.operations.conventions import check_parties, check_utilisation
from partners.operations.door import change_state, lock_convention, log_act
from partners.rules import end_by_itself, term_after
from portal.audit.journal import Actor
from portal.errors import DomainError
from portal.refusals import said_by


def send_to_sign(*, actor: Actor, convention: Convention, version: int | None = None) -> Convention:
    """Send a draft round for signature: nothing opens until the last party has signed.

    Raises:
        DomainError: a party has no signataire or no référent, not a draft, not within reach.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        check_parties(locked)
        change_state(locked, EtatConvention.EN_SIGNATURE, actor=actor)
    return locked


def take_back(
    *, actor: Actor, convention: Convention, commentaire: str, version: int | None = None
) -> Convention:
    """Take back a text in signature: it is a draft again, and the dates of signature are dropped.

    Raises:
        DomainError: not in signature, no reason, not within reach.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        change_state(locked, EtatConvention.BROUILLON, actor=actor, commentaire=commentaire)
        locked.signataires.update(signee_le=None)
    return locked


def record_signature(*, actor: Actor, convention: Convention, signataire: Signataire, le: date) -> Convention:
    """Record that a party signed on `le`; with the last one the convention takes effect that day.

    Order of effects: signature, log, journal, then the state, the date d'effet (the last signature), the échéance.

    Raises:
        DomainError: a day to come, a signataire of another convention or who has signed, not in signature, a
            convention of the same kind active over the period, no métier in force to lean on.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk)
        if locked.etat != EtatConvention.EN_SIGNATURE:
            raise DomainError(
                "Cette convention n’est pas en signature\u00a0: seule une convention en signature se signe.",
                code="transition_interdite",
            )
        signing = locked.signataires.select_for_update().filter(pk=signataire.pk).first()
        if signing is None:
            raise DomainError(
                "Ce signataire n’est pas de cette convention.", field="signataire", code="signataire"
            )
        put_date(signing, le, today=locked.caisse.today(), field="signataire")
        log_act(locked, ActeConvention.SIGNATURE, actor=actor, jour=le, partie=signing.partie)
        dates = list(locked.signataires.values_list("signee_le", flat=True))
        if all(dates):
            _take_effect(actor, locked, max(day for day in dates if day is not None))
    return locked


def put_date(signing: Any, le: date, *, today: date, field: str) -> None:
    """Date the signature of a party, of a convention or of an avenant.

    Raises:
        DomainError: it has signed already (on `field`), or the day is to come.
    """
    if signing.signee_le is not None:
        raise DomainError("Cette partie a déjà signé.", field=field, code="deja_signee")
    if le > today:
        raise DomainError(
            "Une signature ne peut pas être à venir\u00a0: saisissez le jour où elle a été apposée.",
            field="le",
            code="a_venir",
        )
    signing.signee_le = le
    signing.save(update_fields=["signee_le"])


def _take_effect(actor: Actor, convention: Convention, day: date) -> None:
    check_parties(convention)
    if convention.nature == NatureConvention.UTILISATION:
        metier = lock_convention(actor, convention.adossee_a_id or 0)
        if not metier.in_force_on(convention.caisse.today()):
            raise DomainError(
                "La convention métier à laquelle celle-ci s’adosse n’est pas en vigueur\u00a0: faites-la d’abord "
                "signer par toutes les parties.",
                code="metier",
            )
        check_utilisation(
            caisse=convention.caisse,
            partenaire=convention.partenaire,
            nature=convention.nature,
            adossee_a=metier,
            fonctions=convention.fonctions,
        )
    convention.date_effet = day
    term = term_after(convention, day)
    changes = {"date_effet": day, "echeance": term, "date_fin": end_by_itself(convention, term)}
    with said_by(_refusal):
        change_state(convention, EtatConvention.ACTIVE, actor=actor, jour=day, changes=changes)


def _refusal(constraint: str) -> DomainError | None:
    """Two conventions over one period, or an end before its beginning."""
    if constraint == "convention_sans_chevauchement":
        return DomainError(
            "Une convention de même nature lie déjà cette caisse et cette structure sur cette période. "
            "Terminez-la d’abord, ou corrigez les dates.",
            code="chevauchement",
        )
    if constraint == "convention_dates":
        return DomainError("La fin ne peut pas précéder la date d’effet.", field="date_fin", code="dates")
    return None
