"""The 107 caisses and the national reference lists (domaine.md §4.6, §5.2, §5.3, §13).

`data/caisses.csv` and `data/listes.json` are the versions shipped with the code. An entry is never edited in
place: what changes gets a new code, and the old one an end of validity (`valide_au`), so that the demandes that
name it keep their words.
"""

import csv
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Model

from caisses.enums import ListeMotifs
from caisses.models import Caisse, ModeleReponse, Motif, Ressource, TypePiece
from portal.calendar import ZoneFeries
from portal.reference_data import loader

DATA = Path(__file__).parent / "data"

PLACES = {
    "57": (ZoneFeries.ALSACE_MOSELLE, "Europe/Paris"),
    "67": (ZoneFeries.ALSACE_MOSELLE, "Europe/Paris"),
    "68": (ZoneFeries.ALSACE_MOSELLE, "Europe/Paris"),
    "971": (ZoneFeries.GUADELOUPE, "America/Guadeloupe"),
    "972": (ZoneFeries.MARTINIQUE, "America/Martinique"),
    "973": (ZoneFeries.GUYANE, "America/Cayenne"),
    "974": (ZoneFeries.LA_REUNION, "Indian/Reunion"),
    "976": (ZoneFeries.MAYOTTE, "Indian/Mayotte"),
}
"""Zone of public holidays and time zone of the départements that do not live as Paris does."""

METROPOLE = (ZoneFeries.METROPOLE, "Europe/Paris")


def caisse_rows() -> Iterator[dict[str, Any]]:
    """The fields of every caisse, closed to the portal until somebody opens it."""
    with (DATA / "caisses.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            departements = row["departements"].split()
            zone, fuseau = PLACES.get(departements[0], METROPOLE)
            yield {
                "code": row["code"],
                "nom": row["nom"],
                "type": row["type"],
                "departements": departements,
                "zone_feries": zone,
                "fuseau": fuseau,
            }


@cache
def lists() -> dict[str, Any]:
    """The reference lists as shipped."""
    found: dict[str, Any] = json.loads((DATA / "listes.json").read_text(encoding="utf-8"))
    return found


@loader("caisses")
def load_caisses() -> int:
    """Add the caisses that are missing, by code."""
    return _add(Caisse, [Caisse(**row) for row in caisse_rows()], {"code"})


@loader("motifs")
def load_motifs() -> int:
    """Add the national motifs that are missing, by list and code; close those that were withdrawn."""
    rows = [
        Motif(liste=ListeMotifs(liste), **fields)
        for liste, entries in lists()["motifs"].items()
        for fields in _dated(entries)
    ]
    for row in rows:
        if row.valide_au:
            national = Motif.objects.filter(liste=row.liste, code=row.code, caisse=None)
            national.filter(valide_au=None).update(valide_au=row.valide_au)
    return _add(Motif, rows, {"liste", "code"})


@loader("types_pieces")
def load_types_pieces() -> int:
    """Add the national kinds of pièce that are missing, by code."""
    return _add(TypePiece, [TypePiece(**fields) for fields in _dated(lists()["types_pieces"])], {"code"})


@loader("ressources")
def load_ressources() -> int:
    """Add the national resources that are missing, by code."""
    return _add(Ressource, [Ressource(**fields) for fields in _dated(lists()["ressources"])], {"code"})


@loader("modeles")
def load_modeles() -> int:
    """Add the national reply templates that are missing, by code."""
    entries = json.loads((DATA / "modeles.json").read_text(encoding="utf-8"))["modeles"]
    return _add(ModeleReponse, [ModeleReponse(**fields) for fields in entries], {"code"})


def _dated(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Entries with their order and their dates of validity."""
    for rank, entry in enumerate(entries, start=1):
        since = entry.get("valide_du", lists()["valide_du"])
        until = entry.get("valide_au")
        yield {
            **entry,
            "ordre": rank * 10,
            "valide_du": date.fromisoformat(since),
            "valide_au": date.fromisoformat(until) if until else None,
        }


def _add(model: type[Model], rows: list[Any], keys: set[str]) -> int:
    """Insert the rows whose keys are not known; returns how many."""
    names = sorted(keys)
    national = {} if model is Caisse else {"caisse": None}
    known = set(model._default_manager.filter(**national).values_list(*names))
    missing = [row for row in rows if tuple(getattr(row, name) for name in names) not in known]
    model._default_manager.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
