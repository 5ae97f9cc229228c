"""The log says where something failed, never in the words of the exception."""

import logging
import sys

import pytest
from django.db import IntegrityError, transaction

from caisses.models import Caisse
from portal.logs import DiscreetFormatter

WORD = "Zorglubesque"


def written(message: str, *args: object) -> str:
    """The line of an exception that is being handled."""
    record = logging.LogRecord("portal", logging.ERROR, __file__, 1, message, args, sys.exc_info())
    return DiscreetFormatter("%(levelname)s %(message)s").format(record)


def test_the_message_of_an_exception_is_left_out() -> None:
    try:
        try:
            int(WORD)
        except ValueError as error:
            raise LookupError(WORD) from error
    except LookupError:
        line = written("Internal Server Error: %s", "/x/")
    assert "Internal Server Error: /x/" in line
    assert "ValueError" in line
    assert line.endswith("LookupError")
    assert "test_logs.py" in line
    assert "Zorglubesque'" not in line
    assert WORD not in line


@pytest.mark.django_db
def test_a_refused_row_is_not_shown() -> None:
    try:
        with transaction.atomic():
            Caisse.objects.create(code="251", nom=None, type="CPAM", equipe_mas_courriel=f"{WORD}@x.example")
    except IntegrityError:
        line = written("failed")
    assert WORD not in line
    assert "NotNullViolation 23502" in line


def test_what_a_task_raised_is_not_shown_by_celery() -> None:
    try:
        raise ValueError(WORD)
    except ValueError as error:
        line = written(
            "Task %(name)s raised unexpected: %(exc)s", {"name": "t", "exc": repr(error), "traceback": WORD}
        )
    assert WORD not in line
    assert "raised unexpected: ValueError" in line
