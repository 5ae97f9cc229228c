"""The shared evaluation of the first year, which the first tacit renewal supposes (métier, art. 9.2)."""

from datetime import date

from django.db import transaction

from partners.enums import ActeConvention
from partners.models import Convention
from partners.operations.door import lock_convention, log_act
from portal.audit.journal import Actor
from portal.errors import DomainError


def record_evaluation(
    *, actor: Actor, convention: Convention, le: date, version: int | None = None
) -> Convention:
    """Record the day both parties evaluated the first year together; a renewal that waited for it may go on.

    Raises:
        DomainError: the convention has not begun, is over or evaluated already, a day to come or before it began.
        StaleObject: it changed meanwhile.
    """
    with transaction.atomic():
        locked = lock_convention(actor, convention.pk, version=version)
        if locked.date_effet is None or locked.motif_fin:
            raise DomainError("Cette convention n’est pas en vigueur.", code="pas_en_vigueur")
        if locked.evaluee_le is not None:
            raise DomainError("L’évaluation est déjà enregistrée.", code="deja_evaluee")
        if not locked.date_effet <= le <= locked.caisse.today():
            raise DomainError(
                "L’évaluation a lieu entre la date d’effet et aujourd’hui.", field="le", code="date"
            )
        log_act(locked, ActeConvention.EVALUATION, actor=actor, changes={"evaluee_le": le}, jour=le)
    return locked
