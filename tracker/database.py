"""Engines and sessions for SQLite (the default) and PostgreSQL; turns driver errors into failures.

SQLite: write-ahead log, foreign keys, a busy timeout, full synchronisation and `secure_delete`. The
driver's own transaction handling is switched off; a session that writes begins with BEGIN IMMEDIATE,
because a deferred transaction that turns into a writer loses updates or fails halfway. Writers of SQLite wait for a
lock file of ours, first come, first served: SQLite itself retries after ever longer pauses, so that the writer who
has just finished is first again and others starve.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tracker.failures import DatabaseUnavailable
from tracker.keys import Keys

__all__ = ["Database", "Session", "make_engine"]

BUSY_TIMEOUT_MILLISECONDS = 5000
WRITE_LOCK_SECONDS = 20.0
"""How long a writer of SQLite waits for the others."""
TIMEOUTS = {"connect_timeout": 2, "tcp_user_timeout": 25_000}
TIMEOUTS |= {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""For a PostgreSQL server that does not answer, as libpq names them, where the URL does not set them: two seconds for
a new connection (the driver allows nothing shorter), 25 if the server vanishes later."""
POOL: dict[str, Any] = {"max_overflow": -1}
"""No limit: every thread gets a connection of its own. The number of threads is limited, and a thread that waits for
the connection of another would only end in an error."""
WRITE_TIMEOUT = "write_timeout"
"""Execution option of an engine whose transactions write: how many seconds they wait for the write lock."""
LOCK_FILE, WRITE_LOCK = "lock_file", "write_lock"
"""In a connection's `info`: the path of the lock file (None in memory), and its descriptor while the lock is held."""
READING_ENGINE = "reading_engine"
"""In a session's `info`: the engine that only reads."""
UNUSABLE_SQLSTATES = frozenset({"42P01", "42703", "3F000", "42501", "25006"})
"""Of PostgreSQL: no such table, column or schema (no or older tables), no permission, read-only transaction."""


class Database:
    """One database: `reading()` and `writing()` give sessions, the caller commits."""

    def __init__(self, url: str, keys: Keys | None = None, storage: object = None) -> None:
        """`keys` open and seal the columns of `models/sealed.py`, which cannot be used without them. `storage` holds
        the bytes of evidence (`tracker/storage.py`): every session carries it, because bytes are added and removed with
        its rows."""
        self.engine = make_engine(url)
        self.engine.dialect.keys = keys  # type: ignore[attr-defined]
        self._info = {"storage": storage, READING_ENGINE: self.engine}

    def reading(self) -> Session:
        return Session(self.engine, autoflush=False, info=self._info)

    @contextmanager
    def reading_once(self) -> Iterator[Session]:
        """As `reading()`, for a process that does not use this database afterwards: closes its connections."""
        try:
            with self.reading() as session:
                yield session
        finally:
            self.dispose()

    def writing(self, timeout: float = WRITE_LOCK_SECONDS) -> Session:
        return Session(self.engine.execution_options(**{WRITE_TIMEOUT: timeout}), info=self._info)

    def snapshot(self) -> Session:
        """As `reading()`, but every statement sees the same moment, also in PostgreSQL."""
        if self.engine.dialect.name == "sqlite":
            return self.reading()
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        return Session(engine, autoflush=False, info=self._info)

    @contextmanager
    def transaction(self, timeout: float | None = None) -> Iterator[Session]:
        """One unit of work: commits at the end, rolls back when something is raised. With a `timeout` in seconds,
        raises `DatabaseUnavailable` if others hold a lock for longer."""
        with self.writing(WRITE_LOCK_SECONDS if timeout is None else timeout) as session:
            if timeout is not None and self.engine.dialect.name == "postgresql":
                session.execute(select(func.set_config("lock_timeout", f"{timeout}s", True)))
            yield session
            session.commit()

    def dispose(self) -> None:
        """Closes every connection that is not in use; the next query opens new ones."""
        self.engine.dispose()


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…` (psycopg 3), with our settings and listeners.

    Errors never contain the values of a statement: errors are logged, and a draft must not be.
    """
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    if parsed.get_backend_name() == "sqlite":
        is_file = parsed.database not in (None, "", ":memory:")
        engine = create_engine(parsed, hide_parameters=True, **(POOL if is_file else {}))
        lock_file = Path(f"{parsed.database}-queue") if is_file else None
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(
            engine, "connect", lambda _connection, record: record.info.update({LOCK_FILE: lock_file})
        )
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _release_write_lock)
        event.listen(engine, "close", _release_write_lock)
    else:
        parsed = parsed.set(drivername="postgresql+psycopg")
        timeouts = {name: value for name, value in TIMEOUTS.items() if name not in parsed.query}
        engine = create_engine(
            parsed, hide_parameters=True, pool_pre_ping=True, connect_args=timeouts, **POOL
        )
    event.listen(engine, "handle_error", _raise_unavailable)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that writes takes the write lock first, then SQLite's own; one that reads takes none."""
    seconds = connection.get_execution_options().get(WRITE_TIMEOUT)
    if seconds is None:
        connection.exec_driver_sql("BEGIN")
        return
    info = connection.connection.info
    if info[LOCK_FILE] and WRITE_LOCK not in info:
        info[WRITE_LOCK] = acquire_write_lock(info[LOCK_FILE], seconds)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


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


def acquire_write_lock(lock_file: Path, seconds: float) -> int:
    """Locks the file and returns its descriptor; closing that releases the lock. The kernel wakes waiting writers in
    order, also those of other processes, and releases the lock of a process that dies."""
    try:
        descriptor = os.open(lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DatabaseUnavailable(f"{lock_file.name}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _LockWait(descriptor).wait(seconds)
    return descriptor


class _LockWait:
    """flock has no timeout: a thread waits for the lock, and releases it if it gets it too late."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._is_locked, self._is_given_up = descriptor, Event(), False
        self._mutex = Lock()

    def wait(self, seconds: float) -> None:
        Thread(target=self._run, daemon=True).start()
        self._is_locked.wait(seconds)
        with self._mutex:
            if not self._is_locked.is_set():
                self._is_given_up = True
                raise DatabaseUnavailable(
                    f"others were writing for {seconds:.0f} seconds: database is locked"
                )

    def _run(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._mutex:
            if self._is_given_up:
                os.close(self._descriptor)
            else:
                self._is_locked.set()


def _release_write_lock(_connection: sqlite3.Connection | None, record: Any) -> None:
    """When the connection goes back to the pool, after its transaction has ended."""
    descriptor = record.info.pop(WRITE_LOCK, None)
    if descriptor is not None:
        os.close(descriptor)


def _is_unusable(error: BaseException) -> bool:
    """PostgreSQL reports as programming errors what SQLite reports as operational errors. For a file that is not a
    database SQLite raises a plain `DatabaseError`."""
    return type(error) is sqlite3.DatabaseError or getattr(error, "sqlstate", None) in UNUSABLE_SQLSTATES


def _raise_unavailable(context: ExceptionContext) -> None:
    if context.is_pre_ping:
        return  # a connection died in the pool: the pool replaces it; if that fails, this is called again
    if isinstance(context.sqlalchemy_exception, OperationalError) or _is_unusable(context.original_exception):
        raise DatabaseUnavailable(str(context.original_exception)) from context.original_exception
