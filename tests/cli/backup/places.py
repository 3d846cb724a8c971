"""An instance that is backed up, and empty places that a backup is restored into."""

import hashlib
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
from tests.cast import NOW, make_update, read_cast
from tests.databases import KEYS, Templates, open_database
from tests.servers import find_binaries
from tracker.app import create_app
from tracker.database import Database
from tracker.models.evidence import Evidence, Visibility
from tracker.models.updates import UpdateState
from tracker.services.evidence.stored_bytes import keep_bytes
from tracker.storage import LOCKS, Storage
from tracker.upkeep.database_dump import LEFT_OUT

RowsByTable = dict[str, list[tuple[Any, ...]]]


def place_of(content: bytes) -> str:
    """Where the storage keeps these bytes."""
    name = hashlib.sha256(content).hexdigest()
    return f"{name[:2]}/{name[2:4]}/{name}"


CONTENTS = (b"%PDF-1.7 CANARY-IN-A-FILE", os.urandom(300_000), b"\n")
EVIDENCE = {place_of(content): content for content in CONTENTS}


def run_with(config: Config, *arguments: object) -> Result:
    app = create_app(config)
    try:
        return app.test_cli_runner().invoke(args=[str(each) for each in arguments])
    finally:
        app.extensions["database"].dispose()


def with_programs() -> str:
    """PATH with pg_dump and pg_restore of the server that the tests use."""
    return f"{find_binaries()}:{os.environ['PATH']}"


def add_evidence(config: Config, *contents: bytes) -> None:
    """Files behind one draft, as people attach them; two rows name the first of them."""
    database = Database(config.DATABASE_URL, KEYS, Storage(Path(config.STORAGE_DIR)))
    with database.transaction() as session:
        update = make_update(session, read_cast(session), UpdateState.DRAFT)
        for content in (*(contents or CONTENTS), (contents or CONTENTS)[0]):
            session.add(
                Evidence(
                    update_id=update.id,
                    sha256=keep_bytes(session, content),
                    size_bytes=len(content),
                    media_type="application/pdf",
                    name="minutes.pdf",
                    visibility=Visibility.PUBLIC,
                    added_at=NOW,
                )
            )
    database.dispose()


def files_of(config: Config) -> dict[str, bytes]:
    """Everything that lies in the folder of evidence, but for its locks."""
    folder = Path(config.STORAGE_DIR)
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in LOCKS)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def rows_of(url: str) -> RowsByTable:
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


MakePlace = Callable[[], Config]


@contextmanager
def empty_places(config: Config, kind: str, templates: Templates, folder: Path) -> Iterator[MakePlace]:
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
