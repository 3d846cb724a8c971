"""The bytes of evidence on the disk, consistent with its rows: bytes that no row names when a transaction has ended are
removed, after a commit and after a rollback."""

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
    """Stores the bytes and returns their name. Nobody removes them before the transaction ends."""
    try:
        return _hold(session).keep(content)
    except StorageUnavailable as error:
        log.error("evidence not stored: %s", error)
        raise


def release_bytes(session: Session, name: str) -> None:
    """Marks the bytes as pending: after the transaction they are removed, if no row names them then. Nobody looks for
    rows before it ends, because others still see the deleted row. An error of the disk stops no deletion of a row."""
    try:
        _hold(session).mark_pending(name)
    except StorageUnavailable as error:
        log.error("evidence not removed: %s", error)


def remove_leftovers(session: Session) -> int:
    """Removes all pending bytes that no row names, also those of processes that died; returns their number. While a
    backup copies, it removes nothing: the backup does so at its end."""
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
    """Nobody removes bytes inside this block. Begin it before the session's snapshot: then each row of the snapshot has
    its bytes. Bytes released meanwhile are removed at the end or, if this process dies, with the next removal."""
    storage = _storage(session)
    try:
        with storage.pause_removals():
            yield storage
    finally:
        _remove_or_log(session)


def list_named(session: Session) -> Iterator[str]:
    """The name of every file that a row names, each once, in constant memory."""
    query = select(Evidence.sha256).distinct().order_by(Evidence.sha256).limit(CHUNK)
    names = session.scalars(query).all()
    while names:
        yield from names
        names = session.scalars(query.where(Evidence.sha256 > names[-1])).all()


def _storage(session: Session) -> Storage:
    storage = session.info.get("storage")
    if not isinstance(storage, Storage):
        raise StorageUnavailable("the database was opened without its storage folder")
    return storage


def _hold(session: Session) -> Storage:
    """The storage, with a hold on its files until the transaction ends."""
    storage = _storage(session)
    if _HOLD not in session.info:
        session.info[_HOLD] = storage.shared_lock()
    if _WATCHED not in session.info:
        session.info[_WATCHED] = True
        event.listen(session, "after_transaction_end", _settle)
    return storage


def _settle(session: Session, transaction: SessionTransaction) -> None:
    """Now the rows are committed or gone. An error here leaves bytes pending until the next removal."""
    if transaction.parent is not None or _HOLD not in session.info:
        return
    lock: FolderLock = session.info.pop(_HOLD)
    lock.release()
    _remove_or_log(session)


def _remove_or_log(session: Session) -> None:
    try:
        remove_leftovers(session)
    except (StorageUnavailable, DatabaseUnavailable) as error:
        log.error("evidence not removed: %s", " ".join(str(error).split()))


def _reading(session: Session) -> Connection:
    """A connection of its own that only reads: in SQLite, a writer may be waiting for this folder."""
    engine: Engine = session.info[READING_ENGINE]
    return engine.connect()
