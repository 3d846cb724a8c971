"""Keeps the bytes of evidence and its rows together: what no row names when a transaction has ended is removed,
whether it was committed or not."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import Session, SessionTransaction

from tracker.database import READING_ENGINE
from tracker.failures import DatabaseUnavailable, StorageUnavailable
from tracker.models.evidence import Evidence
from tracker.storage import FolderLock, Storage

log = logging.getLogger("tracker.services")
CHUNK = 500
_HOLD, _WATCHED = "evidence hold", "evidence watched"


def keep_bytes(session: Session, content: bytes) -> str:
    """Stores them and gives their name. Until the transaction ends nobody removes them."""
    try:
        return _hold(session).keep(content)
    except StorageUnavailable as error:
        log.error("evidence not stored: %s", error)
        raise


def let_go_of_bytes(session: Session, name: str) -> None:
    """Removes them after the transaction, if no row names them then. Until it ends nobody answers the question, or the
    answer would be that a row still names them. A fault of the disk keeps no row alive."""
    try:
        _hold(session).mark_pending(name)
    except StorageUnavailable as error:
        log.error("evidence not removed: %s", error)


def remove_leftovers(session: Session) -> int:
    """Removes what no row names of all that is in question, also of processes that died; gives how many. While a
    backup copies it removes nothing: at its end the backup does."""
    storage = _storage(session)
    if not storage.list_pending():
        return 0
    with storage.exclusive_lock() as may_remove, _reading(session) as connection:
        if not may_remove:
            return 0
        names = storage.list_pending()
        named = set(connection.scalars(select(Evidence.sha256).where(Evidence.sha256.in_(names))))
        for name in names:
            storage.resolve_pending(name, is_named=name in named)
    return len(set(names) - named)


@contextmanager
def all_files_stay(session: Session) -> Iterator[Storage]:
    """Begin it before the session's snapshot: then each row of the snapshot has its bytes until the end of this.
    What was let go meanwhile is removed at the end; if this process dies, by whoever removes something next."""
    storage = _storage(session)
    try:
        with storage.pause_removals():
            yield storage
    finally:
        _remove_or_say(session)


def list_named(session: Session) -> Iterator[str]:
    """The name of every file that a row names, each once, in constant memory."""
    found = select(Evidence.sha256).distinct().order_by(Evidence.sha256).limit(CHUNK)
    names = session.scalars(found).all()
    while names:
        yield from names
        names = session.scalars(found.where(Evidence.sha256 > names[-1])).all()


def _storage(session: Session) -> Storage:
    found = session.info.get("storage")
    if not isinstance(found, Storage):
        raise StorageUnavailable("the database was opened without its storage folder")
    return found


def _hold(session: Session) -> Storage:
    """Until the transaction ends."""
    storage = _storage(session)
    if _HOLD not in session.info:
        session.info[_HOLD] = storage.shared_lock()
    if _WATCHED not in session.info:
        session.info[_WATCHED] = True
        event.listen(session, "after_transaction_end", _settle)
    return storage


def _settle(session: Session, transaction: SessionTransaction) -> None:
    """The rows are committed or gone. A fault here leaves bytes in question, until the next who comes by."""
    if transaction.parent is not None or _HOLD not in session.info:
        return
    hold: FolderLock = session.info.pop(_HOLD)
    hold.release()
    _remove_or_say(session)


def _remove_or_say(session: Session) -> None:
    try:
        remove_leftovers(session)
    except (StorageUnavailable, DatabaseUnavailable) as error:
        log.error("evidence not removed: %s", " ".join(str(error).split()))


def _reading(session: Session) -> Connection:
    """A connection of its own that only reads: a writer of SQLite may be waiting for this very folder."""
    engine: Engine = session.info[READING_ENGINE]
    return engine.connect()
