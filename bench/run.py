"""`make bench`: what pages cost beside a lean reference of the same run, and what sign-ins do. Exits 1 beyond a limit.

`python -m bench.run` measures on SQLite among 80 reviews, and the first reader after a publication among 800 too;
`--reviews 800` measures everything among 800, `--postgresql` on PostgreSQL too, whose CPU then counts as well.
"""

import argparse
import os
import platform
import sys
from pathlib import Path

from bench.corpus import LARGE, PER_REVIEW, SMALL
from bench.filled import filled
from bench.measures import (
    ROUNDS,
    ROUNDS_OF_GROWTH,
    measure_growth,
    measure_requests,
    measure_start_and_memory,
)
from bench.sign_ins import measure_sign_ins
from bench.table import Measure, table

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the cost of pages, memory, start and sign-ins.")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL too")
    parser.add_argument(
        "--reviews", type=int, choices=(SMALL, LARGE), help="everything, among so many reviews"
    )
    parser.add_argument("--no-file", action="store_true", help="do not write RESULTS.md")
    arguments = parser.parse_args()
    sections, is_met = [], True
    for kind in ["SQLite", "PostgreSQL"] if arguments.postgresql else ["SQLite"]:
        for measures, section in _measure(kind, arguments.reviews):
            is_met &= all(measure.is_met for measure in measures)
            sections.append(section)
            print(section, flush=True)
    if not arguments.no_file:
        RESULTS.write_text(f"{_heading(sys.argv[1:])}\n\n" + "\n\n".join(sections) + "\n", encoding="utf-8")
    return 0 if is_met else 1


def _measure(kind: str, reviews: int | None) -> list[tuple[list[Measure], str]]:
    """Each table and what stands above it."""
    with filled(kind, reviews or SMALL) as database:
        measures = [
            *measure_requests(database),
            *measure_start_and_memory(database.environment),
            *measure_sign_ins(database),
        ]
        sections = [(measures, f"## {kind}, {_size(reviews or SMALL)}\n\n{table(measures)}")]
        if reviews is None:
            with filled(kind, LARGE) as large:
                growth = measure_growth(database, large)
            ratio_to = f"{SMALL} reviews"
            sections.append((growth, f"## {kind}, {_size(LARGE)}\n\n{table(growth, ratio_to)}"))
    return sections


def _size(reviews: int) -> str:
    return f"{reviews * PER_REVIEW:,} recommendations in {reviews} reviews"


def _heading(arguments: list[str]) -> str:
    called = " ".join(["python -m bench.run", *arguments])
    return (
        "# Costs\n\n"
        f"Written by `{called}` on {os.cpu_count()} cores with Python {platform.python_version()}, over synthetic "
        "recommendations beside the letter's. Milliseconds are CPU time (user and system) per request of the server's "
        f"process tree, medians of {ROUNDS} interleaved rounds after a warm-up, and beside them the fastest round, the "
        "least disturbed one, which is judged. Ratios are of the fastest rounds, to the lean list of the same run "
        f"(`lean.py`), both behind one sync worker of gunicorn; among {LARGE} reviews they are to the same row among "
        f"{SMALL}, in {ROUNDS_OF_GROWTH} rounds of each that take turns. Of the first reader after a publication the "
        "one request is measured that finds nothing in the cache, without the publication. Memory is the proportional "
        "set size of `flask serve` with all it starts. Of sign-ins (`sign_ins.py`) everything is time as people wait "
        "for it, on the same `flask serve`."
    )


if __name__ == "__main__":
    sys.exit(main())
