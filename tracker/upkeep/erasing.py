"""Makes the database let go of what was deleted: a deleted row stands in its files until they are written anew.

SQLite: deleted values are overwritten in the main file (`secure_delete`), and older pages stand in the write-ahead log
until that is emptied. PostgreSQL: old rows stay in the pages of a table until it is rewritten; its own write-ahead log
keeps them until its files are used again, which nothing here can hasten.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import DDL, Connection, func, select, text

from tracker.database import Database
from tracker.failures import DatabaseUnavailable
from tracker.models.base import Base

LOCK_TIMEOUT = "5s"
"""So long a table is waited for at night. Whoever wants to read it meanwhile waits behind us."""
LOCK_NOT_AVAILABLE = "55P03"
VACUUM = DDL("VACUUM (SKIP_LOCKED) %(fullname)s")  # type: ignore[no-untyped-call]
VACUUM_FULL = DDL("VACUUM (FULL) %(fullname)s")  # type: ignore[no-untyped-call]


def empty_log(database: Database) -> bool:
    """Of SQLite: writes the log back into the main file and cuts it to nothing. False: somebody still reads an older
    state or writes, and nothing was cut; call it again.

    It never waits: with a busy timeout it would hold up every writer for as long as one reads."""
    if database.engine.dialect.name != "sqlite":
        return True
    connection = database.engine.raw_connection()  # without a transaction, in which SQLite refuses this
    connection.detach()  # and closed afterwards, with its timeout
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [is_busy, *_] = cursor.fetchone() or [True]
        return not is_busy
    finally:
        connection.close()


def vacuum_changed_tables(database: Database) -> list[str]:
    """Of PostgreSQL: frees the space of old rows, so that new ones overwrite it. Returns the names of the tables."""
    if database.engine.dialect.name != "postgresql":
        return []
    with _maintaining(database) as connection:
        changed = text("SELECT relname FROM pg_stat_user_tables WHERE n_dead_tup > 0")
        names = sorted(set(connection.scalars(changed)) & set(Base.metadata.tables))
        for name in names:
            connection.execute(VACUUM.against(Base.metadata.tables[name]))
    return names


def rewrite_tables(database: Database) -> list[str]:
    """Of PostgreSQL: writes every table anew without its old rows. Returns the names of those that were in use for too
    long; they stay as they are until the next night. Raises `DatabaseUnavailable` where the tables belong to another
    user: PostgreSQL only warns then, and leaves them."""
    if database.engine.dialect.name != "postgresql":
        return []
    left = []
    with _maintaining(database) as connection:
        _refuse_foreign_tables(connection)
        connection.execute(select(func.set_config("lock_timeout", LOCK_TIMEOUT, False)))
        for name, table in sorted(Base.metadata.tables.items()):
            try:
                connection.execute(VACUUM_FULL.against(table))
            except DatabaseUnavailable as error:
                if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                    raise
                left.append(name)
    return left


@contextmanager
def _maintaining(database: Database) -> Iterator[Connection]:
    """A connection without transactions, in which VACUUM would be refused. It is closed afterwards, with its
    settings."""
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.detach()
        yield connection


def _refuse_foreign_tables(connection: Connection) -> None:
    owned = text("SELECT tablename FROM pg_tables WHERE pg_has_role(tableowner, 'USAGE')")
    missing = set(Base.metadata.tables) - set(connection.scalars(owned))
    if missing:
        raise DatabaseUnavailable(
            f"the user of DATABASE_URL does not own {min(missing)}: what was deleted stays in its pages"
        )
