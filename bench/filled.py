"""A database full of the corpus in a folder of its own, and the settings with which a server serves it."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command

from bench.corpus import SMALL, Corpus, add_corpus
from bench.table import LEAN_LIST, Measure, table
from config import ROOT
from tests.servers import postgresql
from tracker import clock
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.keys import read_or_make_keys
from tracker.seeding.reference import seed_reference


@dataclass(frozen=True)
class Filled:
    """`answering`: the processes of a database that is a server of its own."""

    environment: dict[str, str]
    corpus: Corpus
    answering: list[int]


@contextmanager
def filled(kind: str, reviews: int = SMALL) -> Iterator[Filled]:
    """`kind` is “SQLite” or “PostgreSQL”."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-bench-")))
        url, answering = f"sqlite:///{folder / 'bench.sqlite3'}", []
        if kind == "PostgreSQL":
            server = stack.enter_context(postgresql())
            server.execute("CREATE DATABASE bench")
            url, answering = server.url("bench"), [server.process]
        corpus = _fill(url, folder / "keys", reviews)
        yield Filled(_environment(url, folder, corpus), corpus, answering)


def run(description: str, measure: Callable[[Filled], list[Measure]], ratio_to: str = LEAN_LIST) -> int:
    """A program that measures on SQLite and, with `--postgresql`, on PostgreSQL too; 1 beyond a limit."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL too")
    is_met = True
    for kind in ["SQLite", *(["PostgreSQL"] if parser.parse_args().postgresql else [])]:
        with filled(kind) as database:
            measures = measure(database)
        is_met &= all(each.is_met for each in measures)
        print(f"## {kind}\n\n{table(measures, ratio_to)}", flush=True)
    return 0 if is_met else 1


def _environment(url: str, folder: Path, corpus: Corpus) -> dict[str, str]:
    """The home page is that of the newest review."""
    return {
        "BENCH_DATABASE_URL": url.replace("postgresql://", "postgresql+psycopg://"),
        "DATABASE_URL": url,
        "KEY_DIR": str(folder / "keys"),
        "MAIL_URL": f"file://{folder / 'mail'}",
        "STORAGE_DIR": str(folder / "storage"),
        "SECRET_KEY": "for-measurements-only-" * 2,
        "STATE": corpus.review.partition("-")[0],
        "TRACKER_ENV": "development",
        "PYTHONPATH": str(ROOT),
        # Modules stay compiled between starts, whatever the caller's environment says.
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }


def _fill(url: str, keys: Path, reviews: int) -> Corpus:
    command.upgrade(alembic_config(url), "head")
    database, now = Database(url, read_or_make_keys(keys)), clock.now()
    with database.transaction() as session:
        seed_reference(session, ROOT / "seed" / "reference", now.date(), now)
    with database.transaction() as session:
        corpus = add_corpus(session, reviews)
    if url.startswith("postgresql"):  # which does so by itself, a minute later; SQLite never does
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    database.dispose()
    return corpus
