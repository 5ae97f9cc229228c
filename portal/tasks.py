"""The tasks of the worker that belong to no room."""

from celery import shared_task

from portal import sweeps


@shared_task(name=sweeps.TASK)
def run_sweep(name: str) -> None:
    """Run one sweep."""
    sweeps.run(name)
