"""`make bench SIZE=100000`: fill, measure, print a table, write bench/results/*.json.

SIZE=0 plays only the nightly sweeps over accounts and conventions, and writes nothing.
"""

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.database import create, create_empty, environment

SMALL = 1000
RESULTS = Path(__file__).parent / "results"
SWEEP_GOAL = 20_000
LIVES_GOAL = 1_000
"""Rows a second of the nightly sweeps over accounts and conventions: 60,000 of them take a minute."""
MAX_QUERIES = 12
EXPORT_MEMORY_MB = 32


def part(module: str, database: str, *arguments: str) -> Any:
    """Run a part of the benchmark on one database and read the JSON it prints last."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=environment(database, "bench.settings"),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def measure_pages(size: int, rounds: int) -> list[dict[str, Any]]:
    """Fill a database of `size` demandes and measure the pages on it."""
    database = f"bench_{size}"
    print(f"Remplissage : {size} demandes…", flush=True)
    detailed = create(database, size)
    print("Pages…", flush=True)
    arguments = ("--database", database, "--rounds", str(rounds), "--detailed", str(detailed))
    return list(part("bench.pages", database, *arguments))


def measure_lives() -> list[dict[str, Any]]:
    """The nightly sweeps over 60,000 accounts and 10,000 conventions, in a database of their own."""
    create_empty("bench_vies")
    return list(part("bench.lives", "bench_vies"))


def verdict(kept: bool) -> str:
    """How the table says whether a goal is met."""
    return "tenu" if kept else "MANQUÉ"


def print_pages(large: list[dict[str, Any]], small: list[dict[str, Any]]) -> None:
    """The table of the pages."""
    before = {row["name"]: row["queries"] for row in small}
    print(f"\n{'page':<46}{'p50 ms':>8}{'p95 ms':>8}{'ratio':>7}{'but':>5}{'SQL':>5}{'SQL à 1 000':>13}")
    for row in large:
        goal = row["goal"]
        kept = goal is None or (row["ratio"] <= goal and (row["queries"] or 0) <= MAX_QUERIES)
        same = row["queries"] == before[row["name"]]
        print(
            f"{row['name']:<46}{row['p50'] * 1000:>8.1f}{row['p95'] * 1000:>8.1f}{row['ratio']:>7.1f}"
            f"{goal or '–':>5}{row['queries']!s:>5}{before[row['name']]!s:>13}  "
            f"{'' if goal is None else verdict(kept and same)}"
        )


def print_sweeps(rows: list[dict[str, Any]], goal: int = SWEEP_GOAL) -> None:
    """The table of the sweeps."""
    print(
        f"\n{'balayage':<30}{'lignes':>9}{'secondes':>10}{'lignes/s':>10}{'requêtes':>10}{'2e passage':>12}"
    )
    for row in rows:
        kept = row["rows_per_second"] >= goal and row["again"] == 0
        print(
            f"{row['name']:<30}{row['done']:>9}{row['seconds']:>10.2f}{row['rows_per_second']:>10}"
            f"{row['statements']:>10}{row['again']:>12}  {verdict(kept)}"
        )


def print_exports(rows: list[dict[str, Any]]) -> None:
    """The table of the exports: what matters is that memory does not follow the number of rows."""
    print(f"\n{'export':<24}{'lignes':>9}{'secondes':>10}{'Mo écrits':>11}{'Mo de mémoire en plus':>23}")
    for row in rows:
        kept = row["memory_mb"] <= EXPORT_MEMORY_MB
        print(
            f"{row['name']:<24}{row['rows']:>9}{row['seconds']:>10.1f}{row['written_mb']:>11.1f}"
            f"{row['memory_mb']:>23.1f}  {verdict(kept)}"
        )


def main() -> None:
    """Run the whole benchmark."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    if not options.size:
        print_sweeps(measure_lives(), LIVES_GOAL)
        return
    small = measure_pages(SMALL, 5)
    large = measure_pages(options.size, options.rounds)
    print("Exports…", flush=True)
    exported = part("bench.exporting", f"bench_{options.size}")
    print("Balayages…", flush=True)
    swept = part("bench.sweeping", f"bench_{options.size}")
    print("Vies des comptes et des conventions…", flush=True)
    lives = measure_lives()
    print_pages(large, small)
    print_exports(exported)
    print_sweeps(swept)
    print_sweeps(lives, LIVES_GOAL)
    RESULTS.mkdir(exist_ok=True)
    stamp = datetime.now(UTC)
    path = RESULTS / f"{stamp:%Y%m%d-%H%M%S}-{options.size}.json"
    path.write_text(
        json.dumps(
            {
                "at": stamp.isoformat(),
                "size": options.size,
                "pages": large,
                "pages_small": small,
                "exports": exported,
                "sweeps": swept,
                "lives": lives,
            },
            indent=2,
        ),
        encoding="utf-8",
    )
    print(f"\n{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


if __name__ == "__main__":
    main()
