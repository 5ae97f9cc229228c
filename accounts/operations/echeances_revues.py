"""What the days bring to the reviews: those the period opens, the reminders, the delays that are over.

Days are those of each caisse's time zone. Run late, twice or in two places the result is the same: the row says what
was done. A review that is late takes nothing from anybody.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Max, OuterRef, Q, Subquery
from django.urls import reverse

from accounts.courriels import REVUE_A_FAIRE, REVUE_EN_RETARD, REVUES_EN_RETARD
from accounts.models import RevueHabilitation
from accounts.operations.revues import create_reviews, lock_openings, partner_link, reviewable
from accounts.queries import gestionnaires_by_structure
from accounts.querysets import RevueQuerySet
from caisses.enums import PeriodeRevue
from caisses.models import Caisse
from partners.enums import NatureConvention
from partners.models import Convention
from portal import clock
from portal.calendar import add_months
from portal.compiled import IsAnyOf
from portal.courriels.outbox import Envoi, queue, queue_all
from portal.courriels.types import TypeCourriel

RAPPELS_JOURS = (1, 7, 15)


def open_periodic_reviews(limit: int) -> int:
    """Open the reviews that the period of each caisse asks for; how many, at most `limit`.

    A structure is due when its last review with the caisse, or else the beginning of its convention, is one period old.
    """
    done = 0
    for caisse in Caisse.objects.filter(active=True).exclude(revue_habilitations_mois=PeriodeRevue.AUCUNE):
        today = caisse.today()
        since = add_months(today, -caisse.revue_habilitations_mois)
        last = (
            RevueHabilitation.objects.filter(caisse=caisse, partenaire=OuterRef("pk"))
            .order_by()
            .values("partenaire")
            .annotate(le=Max("ouverte_le"))
            .values("le")
        )
        begun = (
            Convention.objects.living()
            .filter(caisse=caisse, nature=NatureConvention.UTILISATION, partenaire=OuterRef("pk"))
            .order_by("date_effet")
            .values("date_effet")[:1]
        )
        lock_openings(caisse)
        rows = (
            reviewable(caisse)
            .alias(derniere=Subquery(last), debut=Subquery(begun))
            .filter(Q(derniere__date__lte=since) | Q(derniere__isnull=True, debut__lte=since))
        )
        busy = RevueHabilitation.objects.a_faire().filter(caisse=caisse)
        wanted = list(rows.exclude(pk__in=busy.values("partenaire_id"))[: limit - done])
        if wanted:
            limit_day = today + timedelta(days=caisse.revue_habilitations_jours)
            done += len(create_reviews(caisse, wanted, limit_day, actor=None))
        if done >= limit:
            break
    return done


def remind_of_reviews(limit: int) -> int:
    """Announce the reviews just opened, remind 15, 7 and 1 days before the day, say what is late; how many told.

    Run late, only the nearest of the reminders leaves.
    """
    told = _announce(limit)
    for fuseau, today in _days():
        for days in RAPPELS_JOURS:
            told += _remind(fuseau, today, days, limit - told)
        told += _say_late(fuseau, today, limit - told)
        if told >= limit:
            break
    return told


def _announce(limit: int) -> int:
    rows = _waiting(RevueHabilitation.objects.filter(annoncee_le__isnull=True), limit)
    _tell(REVUE_A_FAIRE, rows, "ouverture")
    _mark(rows, annoncee_le=clock.now())
    return len(rows)


def _remind(fuseau: str, today: date, days: int, limit: int) -> int:
    due = RevueHabilitation.objects.filter(
        caisse__fuseau=fuseau, echeance__gte=today, echeance__lte=today + timedelta(days=days)
    ).filter(Q(rappel_jours=0) | Q(rappel_jours__gt=days))
    rows = _waiting(due, limit)
    # Asked for this very day: the announcement has just said it.
    fresh = [row for row in rows if clock.local_date(row.ouverte_le, fuseau) < today]
    _tell(REVUE_A_FAIRE, fresh, f"rappel:{days}")
    _mark(rows, rappel_jours=days)
    return len(rows)


def _say_late(fuseau: str, today: date, limit: int) -> int:
    late = RevueHabilitation.objects.filter(
        caisse__fuseau=fuseau, echeance__lt=today, retard_signale_le__isnull=True
    )
    rows = _waiting(late, limit)
    _tell(REVUE_EN_RETARD, rows, "retard")
    caisses = {row.caisse_id: row.caisse for row in rows}
    for pk, number in Counter(row.caisse_id for row in rows).items():
        first = min(row.pk for row in rows if row.caisse_id == pk)
        queue(
            REVUES_EN_RETARD,
            cle=f"{pk}:{first}",
            equipe=caisses[pk].support_courriel,
            lien=reverse("admin:accounts_revuehabilitation_changelist"),
            donnees={"nombre": number},
            caisse_id=pk,
        )
    _mark(rows, retard_signale_le=clock.now())
    return len(rows)


def _waiting(rows: RevueQuerySet, limit: int) -> list[RevueHabilitation]:
    """The first of these that are still to be done, locked."""
    queryset = rows.a_faire().select_related("caisse")
    return list(queryset.select_for_update(of=("self",), skip_locked=True).order_by("pk")[: max(limit, 0)])


def _mark(rows: list[RevueHabilitation], **values: object) -> None:
    if not rows:
        return
    RevueHabilitation.objects.filter(IsAnyOf("pk", [row.pk for row in rows])).update(**values)


def _tell(kind: TypeCourriel, rows: list[RevueHabilitation], event: str) -> None:
    if not rows:
        return
    people = gestionnaires_by_structure(row.partenaire_id for row in rows)
    queue_all(
        kind,
        (
            Envoi(
                f"{row.pk}:{event}",
                user,
                partner_link(row),
                {"echeance": f"{row.echeance:%d/%m/%Y}", "caisse": row.caisse.nom},
                row.caisse_id,
                row.partenaire_id,
            )
            for row in rows
            for user in people.get(row.partenaire_id, [])
        ),
    )


def _days() -> Iterator[tuple[str, date]]:
    """Each time zone of the caisses, with its date."""
    for fuseau in Caisse.objects.order_by("fuseau").values_list("fuseau", flat=True).distinct():
        yield fuseau, clock.today(fuseau)
