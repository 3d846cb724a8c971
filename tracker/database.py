"""Engines and sessions for SQLite (the default) and PostgreSQL; turns driver errors into failures.

SQLite: write-ahead log, foreign keys, a busy timeout, full synchronisation and `secure_delete`. The
driver's own transaction handling is switched off; a session that writes begins with BEGIN IMMEDIATE,
because a deferred transaction that turns into a writer loses updates or fails halfway. Writers of SQLite stand in a
queue of ours: left alone they look again after ever longer pauses, and who has just written is first again.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from sqlalchemy import Engine, create_engine, event, func, make_url, select
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

from tracker.failures import DatabaseUnavailable
from tracker.keys import Keys

__all__ = ["Database", "Session", "make_engine"]

BUSY_TIMEOUT_MILLISECONDS = 5000
QUEUE_SECONDS = 20.0
PATIENCE = {"connect_timeout": 2, "tcp_user_timeout": 25_000}
PATIENCE |= {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""With a server that says nothing, in PostgreSQL's words, where the address has none of its own. One that takes
connections is given up after two seconds (the driver knows no shorter time), one that vanished after 25."""
HURRIED_SECONDS = 0.5
QUEUE, TURN = "queue", "turn"
READING = "reading"
"""In a session's `info`: the engine that only reads."""
UNUSABLE = frozenset({"42P01", "42703", "3F000", "42501", "25006"})
"""Of PostgreSQL: tables, columns or schema are not there (no or older tables), the user has no right, only reading."""


class Database:
    """One database: `reading()` and `writing()` give sessions, the caller commits."""

    def __init__(self, url: str, keys: Keys | None = None, storage: object = None) -> None:
        """`keys` open and seal the columns of `models/sealed.py`; without them these cannot be used. `storage` is
        where the bytes of evidence lie (`tracker/storage.py`): every session carries it, because they follow its
        rows."""
        self.engine = make_engine(url)
        self._writer, self._hurried = _beside(self.engine, Writing), _beside(self.engine, Hurried)
        self.engines = {self.engine, self._writer, self._hurried}
        for engine in self.engines:
            engine.dialect.keys = keys  # type: ignore[attr-defined]
        self._info = {"storage": storage, READING: self.engine}

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

    @contextmanager
    def hurried(self) -> Iterator[Session]:
        """As `transaction()`, for who must not be kept waiting: raises `DatabaseUnavailable` where others write for
        longer than a moment."""
        with Session(self._hurried, info=self._info) as session:
            if self.engine.dialect.name == "postgresql":
                session.execute(select(func.set_config("lock_timeout", f"{HURRIED_SECONDS}s", True)))
            yield session
            session.commit()

    def dispose(self) -> None:
        """Closes every connection that is not in use; the next question opens new ones."""
        self.engine.dispose()
        for beside in self.engines:
            beside.pool = self.engine.pool


POOL: dict[str, Any] = {"max_overflow": -1}
"""Each thread that serves somebody has its connection: threads are counted, and one that waited for another's would
end in a failure of ours."""


class Reading(SQLiteDialect_pysqlite):
    """How a transaction of SQLite begins is the dialect's: a listener of the engine would be asked about every
    statement, a tenth of what publishing takes."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        dbapi_connection.execute("BEGIN")


class Writing(SQLiteDialect_pysqlite):
    supports_statement_cache = True
    seconds = QUEUE_SECONDS

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        info = dbapi_connection.info
        if info[QUEUE] and TURN not in info:
            info[TURN] = _take_turn(info[QUEUE], self.seconds)
        dbapi_connection.execute("BEGIN IMMEDIATE")


class Hurried(Writing):
    supports_statement_cache = True
    seconds = HURRIED_SECONDS


for dialect in (Reading, Writing, Hurried):
    registry.register(f"sqlite.{dialect.__name__.lower()}", __name__, dialect.__name__)


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql://…` (psycopg 3), with our habits attached.

    Errors never carry the values of a statement: they end in the log, and a draft must not.
    """
    parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    if parsed.get_backend_name() == "sqlite":
        is_file = parsed.database not in (None, "", ":memory:")
        parsed = parsed.set(drivername=_driver(Reading))
        engine = create_engine(parsed, hide_parameters=True, **(POOL if is_file else {}))
        event.listen(engine, "connect", _prepare_sqlite)
        queue = Path(f"{parsed.database}-queue") if is_file else None
        event.listen(engine, "connect", lambda _connection, record: record.info.update({QUEUE: queue}))
        event.listen(engine, "checkin", _end_turn)
        event.listen(engine, "close", _end_turn)
    else:
        parsed = parsed.set(drivername="postgresql+psycopg")
        patience = {name: given for name, given in PATIENCE.items() if name not in parsed.query}
        engine = create_engine(
            parsed, hide_parameters=True, pool_pre_ping=True, connect_args=patience, **POOL
        )
    event.listen(engine, "handle_error", _raise_unavailable)
    return engine


def _beside(engine: Engine, way: type[Writing]) -> Engine:
    """An engine on the same connections, whose transactions of SQLite begin in another way."""
    if engine.dialect.name != "sqlite":
        return engine
    beside = create_engine(engine.url.set(drivername=_driver(way)), pool=engine.pool, hide_parameters=True)
    event.listen(beside, "handle_error", _raise_unavailable)
    return beside


def _driver(way: type[SQLiteDialect_pysqlite]) -> str:
    return f"sqlite+{way.__name__.lower()}"


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


def _take_turn(queue: Path, seconds: float) -> int:
    """A descriptor that has the lock of the queue until it is closed. The kernel wakes waiters in their order, also
    those of other processes, and forgets who dies; somebody who has just come may be quicker now and then."""
    try:
        turn = os.open(queue, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DatabaseUnavailable(f"{queue.name}: {error.strerror}") from error
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _Waiting(turn).wait(seconds)
    return turn


class _Waiting:
    """The kernel waits for ever: a thread does that, and gives a turn back that comes too late."""

    def __init__(self, turn: int) -> None:
        self._turn, self._has_it, self._lock, self._is_given_up = turn, Event(), Lock(), False

    def wait(self, seconds: float) -> None:
        Thread(target=self._run, daemon=True).start()
        self._has_it.wait(seconds)
        with self._lock:
            if not self._has_it.is_set():
                self._is_given_up = True
                raise DatabaseUnavailable(
                    f"others were writing for {seconds:.0f} seconds: database is locked"
                )

    def _run(self) -> None:
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        with self._lock:
            if self._is_given_up:
                os.close(self._turn)
            else:
                self._has_it.set()


def _end_turn(_connection: sqlite3.Connection | None, record: Any) -> None:
    """After the commit or the end of the transaction, when its connection goes back."""
    turn = record.info.pop(TURN, None)
    if turn is not None:
        os.close(turn)


def _is_unusable(error: BaseException) -> bool:
    """What SQLite calls operational, PostgreSQL calls errors of a program; of a file that is none of its databases
    SQLite says no more than that this is an error."""
    return type(error) is sqlite3.DatabaseError or getattr(error, "sqlstate", None) in UNUSABLE


def _raise_unavailable(context: ExceptionContext) -> None:
    if context.is_pre_ping:
        return  # a connection that died in the pool: the pool replaces it, or fails to, which comes here again
    if isinstance(context.sqlalchemy_exception, OperationalError) or _is_unusable(context.original_exception):
        raise DatabaseUnavailable(str(context.original_exception)) from context.original_exception
