"""The national models of conventions, shipped with the code; see `caisses/reference_data.py`.

`data/modeles.json` holds the rules, `data/modeles/<code>.txt` the text: the annexes follow a line « === ». A line
« @name » is replaced by `data/modeles/name.txt`.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from partners.models import ModeleConvention
from portal.reference_data import loader

DATA = Path(__file__).parent / "data"


def shipped() -> list[dict[str, Any]]:
    """The models as shipped, in their order, with their texts."""
    found: list[dict[str, Any]] = json.loads((DATA / "modeles.json").read_text(encoding="utf-8"))
    rows = []
    for rank, entry in enumerate(found, start=1):
        texte, _, annexes = _text(entry["code"]).partition("\n===\n")
        dates = {
            name: date.fromisoformat(entry[name]) for name in ("valide_du", "valide_au") if entry.get(name)
        }
        rows.append(
            {**entry, **dates, "texte": texte.strip(), "annexes": annexes.strip(), "ordre": rank * 10}
        )
    return rows


@loader("modeles_conventions")
def load_models() -> int:
    """Add the national models that are missing, by code; close those that were withdrawn."""
    rows = ModeleConvention.objects.filter(caisse=None)
    known = set(rows.values_list("code", flat=True))
    missing = []
    for entry in shipped():
        if entry["code"] not in known:
            missing.append(ModeleConvention(**entry))
        elif "valide_au" in entry:
            rows.filter(code=entry["code"], valide_au=None).update(valide_au=entry["valide_au"])
    ModeleConvention.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _text(name: str) -> str:
    lines = (DATA / "modeles" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return "\n".join(_text(line[1:]) if line.startswith("@") else line for line in lines)
