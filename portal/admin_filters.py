"""Filters of the admin that are typed rather than chosen: a period, an exact name."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.admin import ListFilter
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import make_aware


class TypedFilter(ListFilter):
    """Fields of a small form beside the list; what cannot be read filters nothing.

    `inputs` maps each parameter of the address to its label and the type of its control.
    """

    template = "admin/typed_filter.html"
    inputs: dict[str, tuple[str, str]] = {}

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        if not self.inputs:
            raise ImproperlyConfigured(f"{type(self).__name__} has no inputs")
        for name in self.inputs:
            given = params.pop(name, [""])
            self.used_parameters[name] = str(given[-1] if isinstance(given, list) else given).strip()

    def expected_parameters(self) -> list[str | None]:
        """Its parameters."""
        return list(self.inputs)

    def has_output(self) -> bool:
        """Always shown."""
        return True

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """One entry: the controls, and what the rest of the address says, to be sent again."""
        yield {
            "controls": [
                (name, label, kind, self.used_parameters[name]) for name, (label, kind) in self.inputs.items()
            ],
            "others": [
                (key, value)
                for key, values in changelist.filter_params.items()
                if key not in self.inputs
                for value in values
            ]
            + ([("q", changelist.query)] if changelist.query else []),
            "clear": changelist.get_query_string(remove=list(self.inputs)),
            "used": any(self.used_parameters.values()),
        }

    def typed(self, name: str) -> str:
        """What was typed there."""
        return str(self.used_parameters[name])

    def day(self, name: str) -> date | None:
        """The day typed there, if it is one."""
        try:
            return date.fromisoformat(self.typed(name))
        except ValueError:
            return None


class PeriodeFilter(TypedFilter):
    """Between two days, both included, of the moment in `field`."""

    title = "période"
    inputs = {"du": ("Du", "date"), "au": ("Au", "date")}
    field = "le"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of these days."""
        first, last = self.day("du"), self.day("au")
        if first is not None:
            queryset = queryset.filter(**{f"{self.field}__gte": _midnight(first)})
        if last is not None:
            queryset = queryset.filter(**{f"{self.field}__lt": _midnight(last + timedelta(days=1))})
        return queryset


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
