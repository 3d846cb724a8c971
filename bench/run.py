"""`make bench`: what pages cost beside a lean reference of the same run, and what sign-ins do. Exits 1 beyond a limit.

`python -m bench.run` measures on SQLite, `--postgresql` on PostgreSQL too, whose CPU then counts as well.
"""

import argparse
import os
import platform
import sys
from pathlib import Path

from bench.corpus import CYCLES, PER_REVIEW, STATES
from bench.filled import filled
from bench.measures import ROUNDS, measure_requests, measure_start_and_memory
from bench.sign_ins import measure_sign_ins
from bench.table import Measure, table

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the cost of pages, memory, start and sign-ins.")
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL too")
    parser.add_argument("--no-file", action="store_true", help="do not write RESULTS.md")
    arguments = parser.parse_args()
    kinds = ["SQLite", "PostgreSQL"] if arguments.postgresql else ["SQLite"]
    tables, is_kept = [], True
    for kind in kinds:
        measures = _measure(kind)
        is_kept &= all(measure.is_kept for measure in measures)
        tables.append(f"## {kind}\n\n{table(measures)}")
        print(tables[-1], flush=True)
    if not arguments.no_file:
        RESULTS.write_text(f"{_heading(sys.argv[1:])}\n\n" + "\n\n".join(tables) + "\n", encoding="utf-8")
    return 0 if is_kept else 1


def _measure(kind: str) -> list[Measure]:
    with filled(kind) as found:
        return [
            *measure_requests(found.environment, found.corpus, found.answering),
            *measure_start_and_memory(found.environment),
            *measure_sign_ins(found),
        ]


def _heading(arguments: list[str]) -> str:
    called = " ".join(["python -m bench.run", *arguments])
    return (
        "# Costs\n\n"
        f"Written by `{called}` on {os.cpu_count()} cores with Python {platform.python_version()}, over "
        f"{STATES * CYCLES * PER_REVIEW:,} synthetic recommendations in {STATES * CYCLES} reviews beside the letter's. "
        "Milliseconds are CPU time (user and system) per request of the server's process tree, medians of "
        f"{ROUNDS} interleaved rounds after a warm-up, and beside them the fastest round, the least disturbed "
        "one; ratios are to the lean list of the same run (`lean.py`), both behind "
        "one sync worker of gunicorn. Memory is the proportional set size of `flask serve` with all it starts. Of "
        "sign-ins (`sign_ins.py`) everything is time as people wait for it, on the same `flask serve`."
    )


if __name__ == "__main__":
    sys.exit(main())
