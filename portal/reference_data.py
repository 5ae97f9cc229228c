"""Reference data: the lists a room ships with its code and loads into the database.

A room registers its loaders in `<app>/reference_data.py`. Loading adds what is missing and changes nothing that
somebody may have edited since: run twice, the second changes nothing.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from portal.audit.journal import record
from portal.audit.models import Verbe
from portal.tenancy import scope

Loader = Callable[[], int]

_loaders: dict[str, Loader] = {}


def loader(name: str) -> Callable[[Loader], Loader]:
    """Register a function that loads one list and returns how many rows it added."""

    def register(function: Loader) -> Loader:
        _loaders[name] = function
        return function

    return register


def load_all() -> dict[str, int]:
    """Load every list in one transaction, and return how many rows each gained."""
    autodiscover_modules("reference_data")
    with scope("systeme"), transaction.atomic():
        added = {name: function() for name, function in _loaders.items()}
        if any(added.values()):
            details = {name: count for name, count in added.items() if count}
            record(Verbe.CREATION, role="systeme", objet="referentiel", details=details)
    return added
