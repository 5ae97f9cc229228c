"""What the database refuses, said in a sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from portal.errors import DomainError


def constraint_of(error: BaseException) -> str:
    """The name of the constraint an error is about; empty when none says."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""


def when(*constraints: str, refusal: DomainError) -> Callable[[str], DomainError | None]:
    """One refusal for these constraints; any other is not explained, and passes as it is."""
    return lambda name: refusal if name in constraints else None


@contextmanager
def said_by(refusal: Callable[[str], DomainError | None]) -> Iterator[None]:
    """Run the block in a savepoint; raise the refusal that goes with the constraint it broke, the transaction usable.

    Raises:
        DomainError: what `refusal` gives for the name of the constraint.
        IntegrityError: it gives nothing.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        found = refusal(constraint_of(error))
        if found is None:
            raise
        raise found from error
