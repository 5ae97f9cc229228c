"""Filters of both lists of accounts."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.enums import EtatCompte
from portal import clock
from portal.calendar import add_months

MOIS_PROCHE = 5


class EcheanceFilter(admin.SimpleListFilter):
    """The accounts that will end, or go, by themselves."""

    title, parameter_name = "échéance", "suppression"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Deletion near, or a day of end that is known."""
        return [
            ("proche", f"Inactif depuis {MOIS_PROCHE}\u00a0mois\u00a0: bientôt supprimé"),
            ("prevue", "Date de fin prévue"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The accounts inactive for five calendar months; or those active until a day that is known."""
        rows: Any = queryset
        if self.value() == "proche":
            since = add_months(clock.today(), -MOIS_PROCHE)
            return rows.in_state(EtatCompte.INACTIF).filter(inactive_le__date__lte=since)  # type: ignore[no-any-return]
        if self.value() == "prevue":
            return rows.filter(is_active=True, fin_prevue__isnull=False)  # type: ignore[no-any-return]
        return queryset
