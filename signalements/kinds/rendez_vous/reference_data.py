"""The national motifs of appointments, as shipped with the code (domaine.md §7.1)."""

import json
from datetime import date
from pathlib import Path

from portal.reference_data import loader
from signalements.kinds.rendez_vous.models import MotifRendezVous

DATA = Path(__file__).parent / "data" / "motifs.json"


@loader("motifs_rendez_vous")
def load_motifs() -> int:
    """Add the national motifs that are missing, by code."""
    shipped = json.loads(DATA.read_text(encoding="utf-8"))
    known = set(MotifRendezVous.objects.filter(caisse=None).values_list("code", flat=True))
    since = date.fromisoformat(shipped["valide_du"])
    rows = [
        MotifRendezVous(**fields, ordre=rank * 10, valide_du=since)
        for rank, fields in enumerate(shipped["motifs"], start=1)
        if fields["code"] not in known
    ]
    MotifRendezVous.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
