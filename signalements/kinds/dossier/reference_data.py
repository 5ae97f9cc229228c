"""The national rules, pièces and motifs of the dossiers (domaine.md §6): shipped with the code, editable afterwards."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from caisses.enums import Fonction, ListeMotifs
from caisses.models import Motif, TypePiece
from portal.reference_data import loader
from signalements.kinds.dossier.enums import Nature
from signalements.kinds.dossier.models import PieceAttendue, RegleDossier

DATA = Path(__file__).parent / "data" / "dossiers.json"
WITH_FILE = [Nature.PREMIERE.value, Nature.RENOUVELLEMENT.value]


@cache
def shipped() -> dict[str, Any]:
    """The data as shipped."""
    found: dict[str, Any] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


@loader("dossiers")
def load_dossiers() -> int:
    """Add the national entries that are missing; returns how many. What somebody changed since stays."""
    since = date.fromisoformat(shipped()["valide_du"])
    return _motifs(since) + _types(since) + _rules(since) + _expected(since)


def _motifs(since: date) -> int:
    added = 0
    for liste, entries in shipped()["motifs"].items():
        known = set(Motif.objects.filter(liste=liste, caisse=None).values_list("code", flat=True))
        rows = [
            Motif(liste=ListeMotifs(liste), ordre=rank * 10, valide_du=since, **entry)
            for rank, entry in enumerate(entries, start=1)
            if entry["code"] not in known
        ]
        added += len(Motif.objects.bulk_create(rows))
    return added


def _types(since: date) -> int:
    known = set(TypePiece.objects.filter(caisse=None).values_list("code", flat=True))
    rows = [
        TypePiece(fonctions=[Fonction.DOSSIER], ordre=500 + rank, valide_du=since, **entry)
        for rank, entry in enumerate(shipped()["types_pieces"])
        if entry["code"] not in known
    ]
    return len(TypePiece.objects.bulk_create(rows))


def _rules(since: date) -> int:
    known = set(RegleDossier.objects.values_list("type", flat=True))
    rows = [
        RegleDossier(valide_du=since, **rule) for rule in shipped()["regles"] if rule["type"] not in known
    ]
    return len(RegleDossier.objects.bulk_create(rows))


def _expected(since: date) -> int:
    kinds = {kind.code: kind for kind in TypePiece.objects.filter(caisse=None)}
    known = set(PieceAttendue.objects.filter(caisse=None).values_list("type_dossier", "type_piece__code"))
    rows = []
    for type_dossier, entries in shipped()["pieces_attendues"].items():
        complement = {
            "piece": "PIECE_COMPLEMENT",
            "natures": [Nature.COMPLEMENT.value],
            "raison_retour": "AUTRE",
        }
        for rank, entry in enumerate([*entries, complement], start=1):
            fields = {"natures": WITH_FILE, **entry}
            code = fields.pop("piece")
            if (type_dossier, code) not in known:
                rows.append(
                    PieceAttendue(
                        type_dossier=type_dossier,
                        type_piece=kinds[code],
                        ordre=rank * 10,
                        valide_du=since,
                        **fields,
                    )
                )
    return len(PieceAttendue.objects.bulk_create(rows))
