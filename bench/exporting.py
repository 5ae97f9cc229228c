"""Measures the export of every demande of one filled database, 100,000 at most, as a structure's.

Prints a line of JSON for each format. Run by `bench.run`, with DATABASE_URL pointing at that database.
"""

import resource
import time
from itertools import islice

import django

django.setup()

from django.db import transaction  # noqa: E402  (the settings come first)

from bench.playing import say  # noqa: E402
from portal.exports import MOST_ROWS, Tableau, write_export  # noqa: E402
from portal.tenancy import scope  # noqa: E402
from signalements.models import Demande  # noqa: E402
from signalements.queries.partner import exported  # noqa: E402
from signalements.views.partner.export_rows import EXPORTED, WIDTHS, cells_of  # noqa: E402

WARM_UP = 2500


def peak_mb() -> float:
    """The most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def export(format: str, limit: int) -> tuple[int, float]:
    """Export so many demandes; how many there were, and the size of the file in megabytes."""
    with scope("systeme"), transaction.atomic():
        rows = (cells_of(row) for row in islice(exported(Demande.objects.all(), {}), limit))
        done = write_export(Tableau("Toutes", EXPORTED, rows, WIDTHS), format)
    with done.fichier as fichier:
        return done.lignes, fichier.seek(0, 2) / 1_000_000


def main() -> None:
    """Export a little, then everything, in each format."""
    for format in ("csv", "xlsx"):
        export(format, WARM_UP)
        before, started = peak_mb(), time.perf_counter()
        rows, written = export(format, MOST_ROWS)
        say(
            {
                "name": f"{format}, toutes",
                "rows": rows,
                "seconds": round(time.perf_counter() - started, 2),
                "written_mb": round(written, 2),
                "memory_mb": round(peak_mb() - before, 1),
            }
        )


if __name__ == "__main__":
    main()
