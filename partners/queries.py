"""Reads about the conventions, for those who run them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from partners.enums import EtatChangement, EtatConvention, NatureConvention
from partners.models import ChangementReferent, Convention, MiseEnDemeure
from partners.rules import RAPPELS_JOURS, awaits_evaluation, notice_deadline
from portal import clock

LONGEST_TO_DO = 10


def ending_within(rows: QuerySet[Convention], days: int) -> QuerySet[Convention]:
    """Those in force whose last day, or that of the métier they lean on, comes within `days` days."""
    today = clock.today()
    last = today + timedelta(days=days)
    ends = Q(date_fin__range=(today, last)) | Q(adossee_a__date_fin__range=(today, last))
    return rows.filter(ends).living()  # type: ignore[attr-defined]


def with_opening(rows: QuerySet[Any], membership: Any) -> QuerySet[Any]:
    """Structures with `ouverte`: whether a convention d’utilisation that this reader sees opens them the portal.

    An union or a party of a tripartite convention has none, and needs no gestionnaire.
    """
    opening = Convention.objects.visible_to(membership).filter(nature=NatureConvention.UTILISATION).living()
    return rows.annotate(ouverte=Exists(opening.filter(partenaire=OuterRef("pk"))))


def what_waits(rows: QuerySet[Convention]) -> Iterator[tuple[Convention, str, date | None]]:
    """What a caisse has to do about these conventions: each with a sentence and the day it is due."""
    notice = MiseEnDemeure.objects.filter(convention=OuterRef("pk"), levee_le=None, resiliee_le=None)
    soon = clock.today() + timedelta(days=max(RAPPELS_JOURS))
    near = Q(date_fin__lte=soon) | Q(evaluee_le=None, evaluation_requise=True, echeance__lte=clock.today())
    waiting = rows.filter(Q(etat=EtatConvention.MISE_EN_DEMEURE) | near, motif_fin="").living()  # type: ignore[attr-defined]
    waiting = waiting.select_related("caisse", "partenaire").order_by("date_fin", "echeance", "pk")
    # One notice at a time: its two days come with the convention.
    days = {name: Subquery(notice.values(name)[:1]) for name in ("envoyee_le", "recue_le")}
    for row in waiting.annotate(**days)[:LONGEST_TO_DO]:
        today = row.caisse.today()
        if row.envoyee_le is not None:
            sent = MiseEnDemeure(convention=row, envoyee_le=row.envoyee_le, recue_le=row.recue_le)
            deadline = notice_deadline(sent)
            if deadline is None:
                yield (
                    row,
                    f"Saisir la réception de la mise en demeure\u00a0: {row.partenaire}",
                    row.envoyee_le,
                )
            elif deadline < today:
                yield row, f"Délai de la mise en demeure passé\u00a0: {row.partenaire}", deadline
        if awaits_evaluation(row, today):
            yield row, f"Évaluer la première année de la convention\u00a0: {row.partenaire}", row.echeance
        if row.date_fin is not None and row.date_fin <= soon:
            ends = f"Fin de la convention le {row.date_fin:%d/%m/%Y}\u00a0: {row.partenaire}"
            yield row, ends, row.date_fin


def referents_to_decide(rows: QuerySet[Convention]) -> Iterator[tuple[int, str, date]]:
    """The changes of référents that wait for the caisse, the oldest first: a convention's id, a sentence, its day."""
    waiting = ChangementReferent.objects.filter(convention__in=rows.order_by(), etat=EtatChangement.PROPOSE)
    waiting = waiting.select_related("convention__partenaire").order_by("propose_le", "pk")
    for change in waiting[:LONGEST_TO_DO]:
        yield (
            change.convention_id,
            f"Répondre à un changement de référent\u00a0: {change.convention.partenaire}",
            clock.local_date(change.propose_le),
        )
