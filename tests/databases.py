"""Databases that are made once and copied for each test."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from alembic import command

from config import ROOT
from tests import cast as people
from tests.servers import PostgreSQL
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.keys import read_or_make_keys
from tracker.services.demo_seed import seed_demonstration
from tracker.services.passphrases import CHEAP
from tracker.services.seed import seed_reference

SEED = ROOT / "seed"
KEY_FOLDER = Path(tempfile.mkdtemp(prefix="tracker-keys-"))
"""Of every database of this run, so that copies of one can be opened by processes that tests start."""
KEYS = read_or_make_keys(KEY_FOLDER)
atexit.register(shutil.rmtree, KEY_FOLDER)


def open_database(url: str) -> Database:
    return Database(url, KEYS)


@dataclass
class Templates:
    """Databases that are made once and copied for each test: `empty` (tables only), `cast`, `demo`."""

    folder: Path
    server: Callable[[], PostgreSQL]
    made: set[tuple[str, str]]

    def copy(self, kind: str, name: str) -> str:
        if (kind, name) not in self.made:
            self._make(kind, name)
            self.made.add((kind, name))
        if kind == "sqlite":
            target = self.folder / f"{uuid4().hex}.sqlite3"
            shutil.copy(self.folder / f"{name}.sqlite3", target)
            return f"sqlite:///{target}"
        return self.server().copy(f"template_{name}", f"t{uuid4().hex}")

    def _make(self, kind: str, name: str) -> None:
        if kind == "sqlite":
            url = f"sqlite:///{self.folder / name}.sqlite3"
        else:
            self.server().execute(f"CREATE DATABASE template_{name}")
            url = self.server().url(f"template_{name}")
        command.upgrade(alembic_config(url), "head")
        database = open_database(url)
        with database.transaction() as session:
            if name != "empty":
                seed_reference(session, SEED / "reference", people.TODAY, people.NOW)
            if name == "cast":
                people.lay_cast(session)
            if name == "demo":
                seed_demonstration(session, SEED / "demo", people.NOW, CHEAP)
        if kind == "sqlite":
            with database.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")  # a checkpoint needs to stand outside a transaction
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        database.dispose()
        if kind == "sqlite":
            (self.folder / f"{name}.sqlite3").chmod(0o600)  # as `flask db upgrade` makes it; copies keep it
