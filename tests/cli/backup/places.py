"""An instance that is backed up, and empty places that a backup is restored into."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from click.testing import Result
from sqlalchemy import MetaData, inspect, select

from config import Config
from tests.databases import Templates, open_database
from tests.servers import find_binaries
from tracker.app import create_app
from tracker.services.database_copies import LEFT_OUT

Rows = dict[str, list[tuple[Any, ...]]]
EVIDENCE = {
    "ab/cd/abcd1234": b"%PDF-1.7 CANARY-IN-A-FILE",
    "00/1f/001f": os.urandom(300_000),
    "ff/ff/empty": b"",
}


def run_with(config: Config, *arguments: object) -> Result:
    app = create_app(config)
    try:
        return app.test_cli_runner().invoke(args=[str(each) for each in arguments])
    finally:
        app.extensions["database"].dispose()


def with_programs() -> str:
    """PATH with pg_dump and pg_restore of the server that the tests use."""
    return f"{find_binaries()}:{os.environ['PATH']}"


def lay_evidence(config: Config) -> None:
    for name, content in EVIDENCE.items():
        path = Path(config.STORAGE_DIR, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def files_of(config: Config) -> dict[str, bytes]:
    folder = Path(config.STORAGE_DIR)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows_of(url: str) -> Rows:
    """Every row of every table as the database stores it."""
    database, metadata = open_database(url), MetaData()
    with database.engine.connect() as connection:
        metadata.reflect(connection)
        found = {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.tables.values()
            if table.name not in LEFT_OUT
        }
    database.dispose()
    return found


def tables_of(url: str) -> list[str]:
    database = open_database(url)
    try:
        return inspect(database.engine).get_table_names()
    finally:
        database.dispose()


Places = Callable[[], Config]


@contextmanager
def empty_places(config: Config, kind: str, templates: Templates, folder: Path) -> Iterator[Places]:
    """Each call gives another one: no database file or an empty database, no storage folder, the same keys."""
    made: list[str] = []

    def place() -> Config:
        name = f"r{uuid4().hex}"
        if kind == "sqlite":
            url = f"sqlite:///{folder / name / 'tracker.sqlite3'}"
        else:
            templates.server().execute(f"CREATE DATABASE {name} TEMPLATE template0")
            made.append(name)
            url = templates.server().url(name)
        return replace(config, DATABASE_URL=url, STORAGE_DIR=str(folder / name / "storage"))

    try:
        yield place
    finally:
        for name in made:
            templates.server().execute(f"DROP DATABASE {name} WITH (FORCE)")


def is_untouched(place: Config) -> bool:
    """Nothing was written: no table, no folder, no file beside the database's place."""
    if place.DATABASE_URL.startswith("sqlite"):
        return not Path(place.STORAGE_DIR).parent.exists()
    return tables_of(place.DATABASE_URL) == [] and not Path(place.STORAGE_DIR).exists()
