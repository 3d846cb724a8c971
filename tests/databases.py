"""Databases that are made once and copied for each test."""

import atexit
import fcntl
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from alembic import command

from config import ROOT
from tests import cast as people
from tests import neighbours
from tests.servers import PostgreSQL
from tracker.cli.tables import alembic_config
from tracker.database import Database
from tracker.identity.passphrases import CHEAP
from tracker.keys import read_keys, write_once
from tracker.seeding.demonstration.demonstration import seed_demonstration
from tracker.seeding.reference import seed_reference
from tracker.storage import Storage

SEED = ROOT / "seed"
KEY_FOLDER = Path(tempfile.mkdtemp(prefix="tracker-keys-"))
"""Of every database of the tests: one key for all processes of a run, because they copy one another's templates."""
write_once(KEY_FOLDER / "1.key", sha256(b"the key of every test").hexdigest())
KEYS = read_keys(KEY_FOLDER)
atexit.register(shutil.rmtree, KEY_FOLDER)


def open_database(url: str, storage: Path | None = None) -> Database:
    return Database(url, KEYS, Storage(storage) if storage else None)


@dataclass
class Templates:
    """Databases that are made once and copied for each test: `empty` (tables only), `cast`, `two_states`
    (the cast and a second State), `demo`.

    `shared` is one folder for all processes of a run: the first of them that needs a SQLite template makes it."""

    folder: Path
    shared: Path
    server: Callable[[], PostgreSQL]
    made: set[tuple[str, str]] = field(default_factory=set)

    def copy(self, kind: str, name: str) -> str:
        if (kind, name) not in self.made:
            self._make_once(kind, name)
            self.made.add((kind, name))
        if kind == "sqlite":
            target = self.folder / f"{uuid4().hex}.sqlite3"
            shutil.copy(self.shared / f"{name}.sqlite3", target)
            return f"sqlite:///{target}"
        return self.server().copy(f"template_{name}", f"t{uuid4().hex}")

    def copy_storage(self, kind: str, target: Path) -> None:
        """The bytes of the evidence of `demo`; the other databases have none."""
        if self._storage(kind).exists():
            shutil.copytree(self._storage(kind), target, dirs_exist_ok=True)

    def _storage(self, kind: str) -> Path:
        return (self.shared if kind == "sqlite" else self.folder) / "storage" / kind

    def _make_once(self, kind: str, name: str) -> None:
        if kind == "postgresql":  # each process has a server of its own
            self.server().execute(f"CREATE DATABASE template_{name}")
            self._make(kind, name, self.server().url(f"template_{name}"))
            return
        whole = self.shared / f"{name}.sqlite3"
        with (self.shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not whole.exists():
                made = self.folder / f"{name}.sqlite3"
                self._make(kind, name, f"sqlite:///{made}")
                made.chmod(0o600)  # as `flask db upgrade` makes it; copies keep it
                made.rename(whole)

    def _make(self, kind: str, name: str, url: str) -> None:
        command.upgrade(alembic_config(url), "head")
        database = open_database(url, self._storage(kind))
        with database.transaction() as session:
            if name != "empty":
                seed_reference(session, SEED / "reference", people.TODAY, people.NOW)
            if name in ("cast", "two_states"):
                people.add_cast(session)
            if name == "two_states":
                neighbours.add_neighbours(session)
            if name == "demo":
                seed_demonstration(session, SEED / "demo", people.NOW, CHEAP)
        if kind == "sqlite":
            with database.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")  # a checkpoint needs to stand outside a transaction
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        database.dispose()
