"""« Délai habituel ici »: the median of the last 90 days, by caisse and kind."""

from portal.compiled import CompiledQuery, IsAnyOf, Slot
from signalements.models import DelaiHabituel

_USUAL: CompiledQuery[DelaiHabituel] = CompiledQuery(
    lambda: DelaiHabituel.objects.filter(IsAnyOf("caisse_id", Slot("caisses"))).order_by()
)


def usual_delays(caisses: list[int]) -> dict[tuple[int, str], int]:
    """The usual delay of each (caisse, kind), in calendar days from the sending to the decision; one query.

    A pair with fewer than ten decisions in the last 90 days is absent.
    """
    return {(row.caisse_id, row.fonction): row.jours for row in _USUAL.all(caisses=caisses)}


def usual_delay(caisse_id: int, fonction: str) -> int | None:
    """The same for one caisse and kind; None below ten decisions."""
    return usual_delays([caisse_id]).get((caisse_id, fonction))
