"""`make bench SIZE=100000`: fill, measure, print each figure as it comes and keep it in bench/results/*.json.

SIZE=0 plays only the nightly sweeps over accounts and conventions.
"""

import argparse
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
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

Row = dict[str, Any]


class Results:
    """The file of one run, written again at each figure: a run that is stopped leaves what it had."""

    def __init__(self, size: int) -> None:
        RESULTS.mkdir(exist_ok=True)
        stamp = datetime.now(UTC)
        self.path = RESULTS / f"{stamp:%Y%m%d-%H%M%S}-{size}.json"
        self.kept: dict[str, Any] = {"at": stamp.isoformat(), "size": size}

    def play(self, part: str, module: str, database: str, *arguments: str) -> Iterator[Row]:
        """Run a part of the benchmark on one database: each line of JSON it prints, once it is kept.

        Raises:
            subprocess.CalledProcessError: the part failed.
        """
        rows = self.kept[part] = []
        command = [sys.executable, "-m", module, *arguments]
        env = environment(database, "bench.settings")
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
            try:
                for line in process.stdout or ():
                    rows.append(json.loads(line))
                    self.path.write_text(json.dumps(self.kept, indent=2), encoding="utf-8")
                    yield rows[-1]
            except BaseException:
                process.send_signal(signal.SIGINT)
                raise
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)


def pages(results: Results, part: str, size: int, rounds: int) -> Iterator[Row]:
    """Fill a database of `size` demandes and measure the pages on it."""
    database = f"bench_{size}"
    say(f"Remplissage : {size} demandes…")
    detailed = create(database, size)
    say("Pages…")
    arguments = ("--database", database, "--rounds", str(rounds), "--detailed", str(detailed))
    yield from results.play(part, "bench.pages", database, *arguments)


def say(text: str) -> None:
    """Print at once, also into a file."""
    print(text, flush=True)


def verdict(kept: bool) -> str:
    """How the table says whether a goal is met."""
    return "tenu" if kept else "MANQUÉ"


def print_pages(rows: Iterator[Row], before: dict[str, int]) -> None:
    """The table of the pages; `before` is how many statements each took with a thousand demandes."""
    head = f"\n{'page':<46}{'p50 ms':>8}{'p95 ms':>8}{'ratio':>7}{'but':>5}{'SQL':>5}{'SQL à 1 000':>13}\n"
    for row in rows:
        goal = row["goal"]
        kept = goal is None or (row["ratio"] <= goal and (row["queries"] or 0) <= MAX_QUERIES)
        same = row["queries"] == before[row["name"]]
        say(
            f"{head}{row['name']:<46}{row['p50'] * 1000:>8.1f}{row['p95'] * 1000:>8.1f}{row['ratio']:>7.1f}"
            f"{goal or '–':>5}{row['queries']!s:>5}{before[row['name']]!s:>13}  "
            f"{'' if goal is None else verdict(kept and same)}"
        )
        head = ""


def print_sweeps(rows: Iterator[Row], goal: int) -> None:
    """The table of the sweeps."""
    say(f"\n{'balayage':<30}{'lignes':>9}{'secondes':>10}{'lignes/s':>10}{'requêtes':>10}{'2e passage':>12}")
    for row in rows:
        kept = row["rows_per_second"] >= goal and row["again"] == 0
        say(
            f"{row['name']:<30}{row['done']:>9}{row['seconds']:>10.2f}{row['rows_per_second']:>10}"
            f"{row['statements']:>10}{row['again']:>12}  {verdict(kept)}"
        )


def print_exports(rows: Iterator[Row]) -> None:
    """The table of the exports: what matters is that memory does not follow the number of rows."""
    say(f"\n{'export':<24}{'lignes':>9}{'secondes':>10}{'Mo écrits':>11}{'Mo de mémoire en plus':>23}")
    for row in rows:
        kept = row["memory_mb"] <= EXPORT_MEMORY_MB
        say(
            f"{row['name']:<24}{row['rows']:>9}{row['seconds']:>10.1f}{row['written_mb']:>11.1f}"
            f"{row['memory_mb']:>23.1f}  {verdict(kept)}"
        )


def main() -> None:
    """Run the whole benchmark."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    results = Results(options.size)
    if options.size:
        database = f"bench_{options.size}"
        before = {row["name"]: row["queries"] for row in pages(results, "pages_small", SMALL, 5)}
        print_pages(pages(results, "pages", options.size, options.rounds), before)
        print_exports(results.play("exports", "bench.exporting", database))
        print_sweeps(results.play("sweeps", "bench.sweeping", database), SWEEP_GOAL)
    create_empty("bench_vies")
    print_sweeps(results.play("lives", "bench.lives", "bench_vies"), LIVES_GOAL)
    path = results.path
    say(f"\n{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


if __name__ == "__main__":
    main()
