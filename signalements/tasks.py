"""The worker's tasks about demandes."""

from uuid import UUID

from celery import shared_task

from portal.tenancy import scope
from signalements.operations.lots import LOT_TASK
from signalements.operations.lots import run_lot as run


@shared_task(name=LOT_TASK)
def run_lot(lot_id: str) -> None:
    """Do what is left of a lot."""
    with scope("systeme"):
        run(UUID(lot_id))
