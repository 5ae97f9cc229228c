"""Write docs/donnees.md, the register of every column."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.data_register import register_lines

PATH = Path(settings.BASE_DIR) / "docs" / "donnees.md"


class Command(BaseCommand):
    """Write the data register again from the models."""

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        PATH.write_text("\n".join(register_lines()) + "\n", encoding="utf-8")
        self.stdout.write(f"{PATH.name} written")
