"""`make bench`: what pages cost beside a lean reference of the same run. Exits 1 beyond a limit.

`python -m bench.run` measures on SQLite, `--postgresql` on PostgreSQL too, whose CPU then counts as well.
"""

import argparse
import os
import platform
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from alembic import command

from bench.corpus import CYCLES, PER_REVIEW, STATES, Corpus, lay_corpus
from bench.measures import Measure, measure_requests, measure_start_and_memory
from config import ROOT
from tests.servers import postgresql
from tracker import clock
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.keys import read_or_make_keys
from tracker.services.seed import seed_reference

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures the cost of pages, memory and start.")
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
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-bench-")))
        url, answering = f"sqlite:///{folder / 'bench.sqlite3'}", []
        if kind == "PostgreSQL":
            server = stack.enter_context(postgresql())
            server.execute("CREATE DATABASE bench")
            url, answering = server.url("bench"), [server.process]
        corpus = _fill(url, folder / "keys")
        environment = {
            "BENCH_DATABASE_URL": url.replace("postgresql://", "postgresql+psycopg://"),
            "DATABASE_URL": url,
            "KEY_DIR": str(folder / "keys"),
            "MAIL_URL": f"file://{folder / 'mail'}",
            "SECRET_KEY": "for-measurements-only-" * 2,
            "TRACKER_ENV": "development",
            "PYTHONPATH": str(ROOT),
            # Modules stay compiled between starts, whatever the caller's environment says.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        }
        return measure_requests(environment, corpus, answering) + measure_start_and_memory(environment)


def _fill(url: str, keys: Path) -> Corpus:
    command.upgrade(alembic_config(url), "head")
    database, now = Database(url, read_or_make_keys(keys)), clock.now()
    with database.transaction() as session:
        seed_reference(session, ROOT / "seed" / "reference", now.date(), now)
    with database.transaction() as session:
        corpus = lay_corpus(session)
    if url.startswith("postgresql"):  # which does so by itself, a minute later; SQLite never does
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    database.dispose()
    return corpus


def table(measures: list[Measure]) -> str:
    """In Markdown: value, limit, ratio to the lean list, verdict."""
    lines = ["| what | value | limit | × lean list | verdict |", "|---|---:|---:|---:|---|"]
    for measure in measures:
        limit = f"{measure.limit:.2f} {measure.unit}" if measure.limit is not None else "–"
        ratio = f"{measure.ratio:.2f}" if measure.ratio is not None else "–"
        verdict = "reported" if measure.limit is None else "kept" if measure.is_kept else "BEYOND"
        lines.append(
            f"| {measure.name} | {measure.value:.2f} {measure.unit} | {limit} | {ratio} | {verdict} |"
        )
    return "\n".join(lines)


def _heading(arguments: list[str]) -> str:
    called = " ".join(["python -m bench.run", *arguments])
    return (
        "# Costs\n\n"
        f"Written by `{called}` on {os.cpu_count()} cores with Python {platform.python_version()}, over "
        f"{STATES * CYCLES * PER_REVIEW:,} synthetic recommendations in {STATES * CYCLES} reviews beside the letter's. "
        "Milliseconds are CPU time (user and system) per request of the server's process tree, medians of "
        "interleaved rounds after a warm-up; ratios are to the lean list of the same run (`lean.py`), both behind "
        "one sync worker of gunicorn. Memory is the proportional set size of `flask serve` with all it starts."
    )


if __name__ == "__main__":
    sys.exit(main())
