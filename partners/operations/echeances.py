"""The anniversaries of the conventions: reminders, tacit renewal, end of those that have a last day.

Days are those of each caisse's time zone. Whatever runs late, twice or in two places gives the same result: the row
says what was done.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from django.db import transaction
from django.db.models import DateField, F, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from caisses.models import Caisse
from partners.courriels import CONVENTION_ECHEANCE, CONVENTION_FIN
from partners.enums import ActeConvention, MotifFin, NatureConvention, Reconduction
from partners.models import Convention
from partners.notifications import tell_all_referents
from partners.operations.door import lock_convention, log_acts
from partners.operations.fin import end
from partners.rules import RAPPELS_JOURS, term_after
from portal import clock
from portal.compiled import IsAnyOf
from portal.workflow import SYSTEME


def remind_of_terms(limit: int) -> int:
    """Tell the référents of both parties 120, 90, 60 and 30 days before the échéance, or before the last day.

    Run late, only the nearest of the reminders due leaves. Returns how many conventions were told of.
    """
    told = 0
    for fuseau, today in _days():
        for days in sorted(RAPPELS_JOURS):
            rows = (
                _living(fuseau)
                .alias(terme=Coalesce(Cast(F("date_fin") + timedelta(days=1), DateField()), "echeance"))
                .filter(terme__gt=today, terme__lte=today + timedelta(days=days))
                .filter(Q(rappel_jours=0) | Q(rappel_jours__gt=days))
                .select_for_update(of=("self",), skip_locked=True)
                .order_by("pk")[: limit - told]
            )
            found = list(rows.prefetch_related("referents"))
            if not found:
                continue
            tell_all_referents([row for row in found if row.date_fin], CONVENTION_FIN, days=days)
            tell_all_referents([row for row in found if not row.date_fin], CONVENTION_ECHEANCE, days=days)
            Convention.objects.filter(IsAnyOf("pk", [row.pk for row in found])).update(rappel_jours=days)
            told += len(found)
            if told >= limit:
                return told
    return told


def renew_tacitly(limit: int) -> int:
    """Renew the conventions whose échéance has come and that nobody denounced; how many, at most `limit`.

    The first renewal supposes the shared evaluation of the first year (métier, art. 9.2): without it the convention
    goes on and the caisse is reminded of what is missing, for nobody loses an access by a forgotten date. What leans
    on a métier is renewed once that one is (art. 8.1).
    """
    done = 0
    for (fuseau, today), leaning in product(list(_days()), (False, True)):
        rows = (
            _living(fuseau)
            .filter(adossee_a__isnull=not leaning)
            .exclude(adossee_a__echeance__lte=today)
            .filter(reconduction=Reconduction.TACITE, date_fin__isnull=True, echeance__lte=today)
            .filter(Q(evaluation_requise=False) | Q(evaluee_le__isnull=False))
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("echeance", "pk")[: limit - done]
        )
        found = list(rows)
        _renew(found, today)
        done += len(found)
        if done >= limit:
            break
    return done


def end_due_conventions(limit: int) -> int:
    """Close the conventions whose last day is over, with what leans on them; how many, at most `limit`."""
    done = 0
    for fuseau, today in _days():
        due = _living(fuseau).filter(date_fin__lt=today).order_by("nature", "pk")
        # A métier before its utilisations: they end with it, and are found over.
        ids = sorted(
            due.values_list("nature", "pk")[: limit - done],
            key=lambda row: (row[0] == NatureConvention.UTILISATION, row[1]),
        )
        for _, pk in ids:
            done += _close(pk, today)
        if done >= limit:
            break
    return done


def _close(pk: int, today: date) -> int:
    with transaction.atomic():
        convention = lock_convention(SYSTEME, pk)
        if convention.motif_fin or convention.date_fin is None or convention.date_fin >= today:
            return 0
        motif = MotifFin.DENONCIATION if convention.denoncee_le else MotifFin.TERME
        end(convention, actor=SYSTEME, motif=motif, fin=convention.date_fin)
    return 1


def _renew(conventions: list[Convention], today: date) -> None:
    terms = {convention.pk: convention.echeance for convention in conventions}
    for convention in conventions:
        convention.echeance, convention.rappel_jours = term_after(convention, today), 0
    log_acts(conventions, ActeConvention.RECONDUCTION, changes=("echeance", "rappel_jours"), days=terms)


def _living(fuseau: str) -> QuerySet[Convention]:
    return Convention.objects.living().filter(caisse__fuseau=fuseau)


def _days() -> Iterator[tuple[str, date]]:
    """Each time zone of the caisses, with its date."""
    for fuseau in Caisse.objects.order_by("fuseau").values_list("fuseau", flat=True).distinct():
        yield fuseau, clock.today(fuseau)
