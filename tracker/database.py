"""Engines and sessions for SQLite (the default) and PostgreSQL; turns driver errors into failures.

SQLite: write-ahead log, foreign keys, a busy timeout, full synchronisation and `secure_delete`. The
driver's own transaction handling is switched off; a session that writes begins with BEGIN IMMEDIATE,
because a deferred transaction that turns into a writer loses updates or fails halfway.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tracker.failures import DatabaseUnavailable
from tracker.keys import Keys

__all__ = ["Database", "Session", "make_engine"]

BUSY_TIMEOUT_MILLISECONDS = 5000


class Database:
    """One database: `reading()` and `writing()` give sessions, the caller commits."""

    def __init__(self, url: str, keys: Keys | None = None, storage: object = None) -> None:
        """`keys` open and seal the columns of `models/sealed.py`; without them these cannot be used. `storage` is
        where the bytes of evidence lie (`tracker/storage.py`): every session carries it, because they follow its
        rows."""
        self.engine = make_engine(url)
        self.engine.dialect.keys = keys  # type: ignore[attr-defined]
        self._info = {"storage": storage}
        self._writer = self.engine.execution_options(immediate=True)

    def reading(self) -> Session:
        return Session(self.engine, autoflush=False, info=self._info)

    @contextmanager
    def asking(self) -> Iterator[Session]:
        """One question of a process that does not go on with this database."""
        try:
            with self.reading() as session:
                yield session
        finally:
            self.dispose()

    def writing(self) -> Session:
        return Session(self._writer, info=self._info)

    def snapshot(self) -> Session:
        """As `reading()`, but every statement sees the same moment, also in PostgreSQL."""
        if self.engine.dialect.name == "sqlite":
            return self.reading()
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        return Session(engine, autoflush=False, info=self._info)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One unit of work: commits at the end, rolls back when something is raised."""
        with self.writing() as session:
            yield session
            session.commit()

    def dispose(self) -> None:
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…` (psycopg 3), with our habits attached.

    Errors never carry the values of a statement: they end in the log, and a draft must not.
    """
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(
            parsed, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 5}
        )
    event.listen(engine, "handle_error", _raise_unavailable)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _raise_unavailable(context: ExceptionContext) -> None:
    if context.is_pre_ping:
        return  # a connection that died in the pool: the pool replaces it, or fails to, which comes here again
    if isinstance(context.sqlalchemy_exception, OperationalError):
        raise DatabaseUnavailable(str(context.original_exception)) from context.original_exception
