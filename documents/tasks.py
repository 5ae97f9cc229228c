"""The worker's tasks about pièces."""

from uuid import UUID

from celery import shared_task

from documents.operations import analyse_piece as analyse
from documents.operations.deposit import ANALYSE_TASK
from portal.tenancy import scope


@shared_task(name=ANALYSE_TASK)
def analyse_piece(piece_id: str) -> None:
    """Give one pièce its verdict."""
    with scope("systeme"):
        analyse(UUID(piece_id))
