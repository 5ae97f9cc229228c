"""What is shown while the portal is away: planned interventions, and the other channel of each caisse by function.

The worker writes it to a folder whenever it changes (`caisses.secours`): one page in a single file, which the reverse
proxy serves when the portal does not answer, and its data, which the portal's own pages of maintenance and outage read.
Nothing here asks the database.
"""

import json
from pathlib import Path
from typing import Any

from django.conf import settings

PAGE, DATA = "indisponible.html", "secours.json"


def folder() -> Path | None:
    """Where the files are (PAGES_ROOT); None when there is no such place."""
    return Path(settings.PAGES_ROOT) if settings.PAGES_ROOT else None


def read_data() -> dict[str, Any]:
    """The data last written: `interventions` and `caisses`; empty when they cannot be read."""
    place = folder()
    try:
        found = json.loads((place / DATA).read_text(encoding="utf-8")) if place else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
