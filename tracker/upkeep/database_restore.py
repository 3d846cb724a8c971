"""Restores what `database_dump.py` copied: an empty place gets the whole database, or stays empty."""

import os
import sqlite3
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, MetaData, delete, inspect, table
from sqlalchemy.exc import DBAPIError

from tracker.database import make_engine
from tracker.exchange.backups import DAMAGED, Manifest
from tracker.failures import BadInput, DatabaseUnavailable
from tracker.upkeep.database_dump import (
    LEFT_OUT,
    count_rows,
    find_program,
    last_line,
    sqlite_path,
    start_program,
)
from tracker.upkeep.evidence_restore import UNFINISHED, find_unfinished_restores

UNSOUND = "The database in this backup is not sound: take another backup."


class Target(Protocol):
    """`finish` puts the database in its place, or raises; `abort` leaves the place as it was."""

    def check_empty(self) -> None: ...

    def write(self, block: bytes) -> None: ...

    def finish(self, manifest: Manifest) -> None: ...

    def abort(self) -> None: ...


def target_of(url: str) -> tuple[str, Target]:
    """Returns the kind of database that the URL names, and the `Target` that restores into it."""
    if url.startswith("sqlite"):
        return "sqlite", SqliteTarget(sqlite_path(url))
    return "postgresql", PostgresqlTarget(url)


class SqliteTarget:
    """Writes a file beside the final place, checks it, and renames it."""

    def __init__(self, path: Path) -> None:
        self._path, self._beside = path, path

    def check_empty(self) -> None:
        for sentence in find_unfinished_restores(self._path.parent):
            raise BadInput(sentence)
        if self._path.exists():
            engine = make_engine(f"sqlite:///{self._path}")
            _refuse_tables(engine)
        for suffix in ("-wal", "-journal"):
            leftover = Path(f"{self._path}{suffix}")
            if leftover.exists():  # SQLite would take it for a part of the new database
                raise BadInput(
                    f"{leftover} is there: stop the server that uses this database, or move it away."
                )

    def write(self, block: bytes) -> None:
        if self._beside == self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=UNFINISHED)  # mode 0600
            os.close(handle)
            self._beside = Path(name)
        with self._beside.open("ab") as file:
            file.write(block)

    def finish(self, manifest: Manifest) -> None:
        if self._beside == self._path:
            raise BadInput(DAMAGED)
        engine = make_engine(f"sqlite:///{self._beside}")
        try:
            is_sound = _is_sound(engine, manifest)
        except (DBAPIError, DatabaseUnavailable) as error:
            raise BadInput(UNSOUND) from error
        finally:
            engine.dispose()
        if not is_sound:
            raise BadInput(UNSOUND)
        _synchronise(self._beside)
        self._beside.replace(self._path)
        _synchronise(self._path.parent)
        self._beside = self._path

    def abort(self) -> None:
        if self._beside != self._path:
            for path in self._path.parent.glob(f"{self._beside.name}*"):
                path.unlink()
            self._beside = self._path


def _is_sound(engine: Engine, manifest: Manifest) -> bool:
    """Deletes the rows of `LEFT_OUT`; then SQLite must find no fault, and the counts must be those of the manifest."""
    with engine.begin() as connection:
        for name in LEFT_OUT:
            if inspect(connection).has_table(name):
                connection.execute(delete(table(name)))
    with engine.connect() as connection:
        if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
            return False
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            return False
        return count_rows(connection) == manifest.rows


class PostgresqlTarget:
    """Feeds pg_restore, which works in one transaction. The last block is held back until `finish`: pg_restore commits
    as soon as it has read the end of the dump, and the end of the backup is not verified yet at that time."""

    def __init__(self, url: str) -> None:
        self._url, self._last = url, b""
        self._process: subprocess.Popen[bytes] | None = None

    def check_empty(self) -> None:
        find_program("pg_restore")
        _refuse_tables(make_engine(self._url))

    def write(self, block: bytes) -> None:
        if self._process is None:
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the program runs
            self._process = start_program(
                "pg_restore",
                self._url,
                *("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"),
                stdin=subprocess.PIPE,
                stderr=self._errors,
            )
        self._feed(self._process, self._last)
        self._last = block

    def _feed(self, process: subprocess.Popen[bytes], block: bytes) -> None:
        if process.stdin is None or process.stdin.closed:
            return
        try:
            process.stdin.write(block)
        except BrokenPipeError:  # it has ended, well or badly
            self._end()

    def finish(self, manifest: Manifest) -> None:
        if self._process is not None:
            self._feed(self._process, self._last)
        self._end()
        self._errors.close()
        engine = make_engine(self._url)
        try:
            with engine.begin() as connection:
                is_sound = count_rows(connection) == manifest.rows
                if not is_sound:
                    metadata = MetaData()
                    metadata.reflect(connection)
                    metadata.drop_all(connection)
        finally:
            engine.dispose()
        if not is_sound:
            raise BadInput(UNSOUND)

    def abort(self) -> None:
        """Kills pg_restore within its transaction, so nothing has changed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._close()
            self._errors.close()

    def _end(self) -> None:
        """Waits for the end of the program; raises `BadInput` with the last line of its output where it failed."""
        if self._process is None:
            raise BadInput(DAMAGED)
        self._close()
        if self._process.wait():
            raise BadInput(f"pg_restore failed: {last_line(self._errors)}.")

    def _close(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()


def _refuse_tables(engine: Engine) -> None:
    try:
        tables = inspect(engine).get_table_names()
    except DatabaseUnavailable as error:
        if type(error.__cause__) is sqlite3.DatabaseError:
            raise BadInput("The file that DATABASE_URL names is no database: move it away.") from error
        raise
    finally:
        engine.dispose()
    if tables:
        raise BadInput(
            "The database already holds tables. A backup is restored into an empty place only: name another "
            "database in DATABASE_URL."
        )


def _synchronise(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
