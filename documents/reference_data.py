"""The national catalogue of documents (domaine.md §7.2), shipped with the code; see `caisses/reference_data.py`."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from documents.models import EntreeCatalogue
from portal.reference_data import loader

CATALOGUE = Path(__file__).parent / "data" / "catalogue.json"


def shipped() -> list[dict[str, Any]]:
    """The entries as shipped, in their order, with their dates."""
    data: dict[str, Any] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return [
        {"valide_du": data["valide_du"], **entry, "ordre": rank * 10}
        for rank, entry in enumerate(data["documents"], start=1)
    ]


@loader("catalogue_documents")
def load_catalogue() -> int:
    """Add the national entries that are missing, by code; close those that were withdrawn."""
    rows = EntreeCatalogue.objects.filter(caisse=None)
    known = set(rows.values_list("code", flat=True))
    missing = []
    for entry in shipped():
        dates = {
            name: date.fromisoformat(entry[name]) for name in ("valide_du", "valide_au") if entry.get(name)
        }
        if entry["code"] not in known:
            missing.append(EntreeCatalogue(**{**entry, **dates}))
        elif "valide_au" in dates:
            rows.filter(code=entry["code"], valide_au=None).update(valide_au=dates["valide_au"])
    EntreeCatalogue.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
