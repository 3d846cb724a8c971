"""Reads the files of recommendations that wait: those that are too large to be read while somebody waits."""

from datetime import date, datetime
from functools import partial
from uuid import UUID

from tracker.database import Session
from tracker.jobs.context import JobContext
from tracker.language import ngettext, speaking
from tracker.services.imports.reading import (
    ToRead,
    find_waiting,
    prepare_reading,
    read_file,
    store_read,
)

MOST_A_RUN = 20


def read_waiting(context: JobContext, _today: date, _now: datetime) -> str:
    """Reads what waits, the oldest first, in the language of whoever sent it. No transaction is open while a file is
    read. Two schedulers may read the same file: the second finds that it waits no longer, and stores nothing."""
    read: list[UUID] = []
    while len(read) < MOST_A_RUN and not context.stopping.is_set():
        with context.database.reading() as session:
            found = _next(session, read, context.import_max_rows)
        if found is None:
            break
        import_id, language, to_read = found
        with speaking(language, context.timezone):
            outcome = read_file(to_read)
            store = partial(store_read, import_id=import_id, to_read=to_read, outcome=outcome)
            context.in_transaction(store)
        read.append(import_id)
    return ngettext("%(num)s file read", "%(num)s files read", len(read)) if read else ""


def _next(session: Session, read: list[UUID], most_rows: int) -> tuple[UUID, str, ToRead] | None:
    found = find_waiting(session, read)
    return (found.id, found.language, prepare_reading(session, found, most_rows)) if found else None
