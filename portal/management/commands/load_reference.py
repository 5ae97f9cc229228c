"""`manage.py load_reference`: the caisses, the reference lists and the conditions of use."""

from typing import Any

from django.core.management.base import BaseCommand

from portal import reference_data


class Command(BaseCommand):
    """Adds what is missing."""

    help = "Load the reference data; what somebody has edited since is left as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, added in reference_data.load_all().items():
            self.stdout.write(f"{name}: {added} added")
